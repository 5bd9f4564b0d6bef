import { disclosureMovedV1 } from '#shared/contracts/sunshine-events.ts'
import { stored } from './stored.ts'

/** Apart from the second book's items: who tells of a step knows nothing of the book. */
export const disclosureEventItem = stored('event', disclosureMovedV1.shape)
