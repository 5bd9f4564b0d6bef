import { listDonations } from '#shared/contracts/fund-remittances.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, neededToken } from '#web/lib/server/problems.ts'
import { myCoop } from '#web/lib/server/roles.ts'
import type { PageServerLoad } from './$types'

const SHOWN = 50

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { coop, all } = await myCoop(event)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const found = await api(
    listDonations,
    { params: { coopId: coop.scopeId }, query: { cursor, limit: SHOWN } },
    { token },
  )
  const { items, nextCursor } = dataOrError(found, event)
  const receipts = [...Map.groupBy(items, ({ receiptNumber }) => receiptNumber)].map(([receiptNumber, lines]) => ({
    receiptNumber,
    charityName: lines[0]?.charityName ?? '',
    receivedOn: lines[0]?.receivedOn ?? '',
    amountFen: lines.reduce((sum, { amountFen }) => sum + amountFen, 0),
    lines,
  }))
  return {
    coop: { coopId: coop.scopeId, name: coop.scopeName },
    query: all.length > 1 ? `?coop=${coop.scopeId}` : '',
    receipts,
    nextCursor,
  }
}
