import { listDonations as route, type Donation } from '#shared/contracts/fund-remittances.ts'
import { assert } from '#shared/kernel/assert.ts'
import { hasRole, isAdmin } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden } from '#functions/platform/missing.ts'
import type { RemittanceLineItem } from '#functions/platform/table/items/remittances.ts'
import { pageOfDonations } from './remittance-store.ts'
import { keepsCharityBooks, lineView } from './remittance-view.ts'

const PAGE = 50

export const listDonations = http(route, async ({ params: { coopId }, query }, { caller }) => {
  if (!hasRole(caller, 'coop', coopId) && !isAdmin(caller) && !keepsCharityBooks(caller)) throw new Forbidden()
  const page = await pageOfDonations(coopId, query.limit ?? PAGE, query.cursor)
  return { ...page, items: page.items.map(donationOf) }
})

function donationOf(item: RemittanceLineItem): Donation {
  const { remittanceId, charityName, throughDay, receiptNumber, receivedOn } = item
  assert(receiptNumber !== undefined && receivedOn !== undefined, 'a gift that arrived has a receipt')
  return { remittanceId, charityName, throughDay, receiptNumber, receivedOn, ...lineView(item) }
}
