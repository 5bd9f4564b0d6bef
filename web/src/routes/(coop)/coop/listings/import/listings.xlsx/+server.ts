import { listingSheets } from '#web/lib/server/listing-sheet.ts'
import { allListings } from '#web/lib/server/listings.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import { xlsxFile } from '#web/lib/server/sheets/xlsx-file.ts'
import type { RequestHandler } from './$types'

/** To be changed and sent back: each row carries its number. */
export const GET: RequestHandler = async (event) => {
  const token = await neededToken(event)
  const { coop } = await myCoop(event)
  const { items } = dataOrError(await allListings(coop.scopeId, token), event)
  return xlsxFile(listingSheets(items), `listings-${coop.scopeId}`)
}
