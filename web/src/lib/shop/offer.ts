import type { getGroupBuy } from '#shared/contracts/group-buys.ts'
import type { Output } from '#shared/contracts/route.ts'

/** An offer as it comes over the wire: plain numbers. */
export type Offer = Output<typeof getGroupBuy>['offers'][number]
