import {
  getRemittance as getRoute,
  listRemittanceLines as linesRoute,
  listRemittances as listRoute,
} from '#shared/contracts/fund-remittances.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getRemittance as load, pageOfLines, pageOfRemittances } from './remittance-store.ts'
import { lineView, remittanceView } from './remittance-view.ts'

const PAGE = 20
const LINES_A_PAGE = 100

export const getRemittance = http(getRoute, async ({ params: { remittanceId } }, { caller }) => {
  const remittance = await load(remittanceId)
  if (remittance === undefined) throw new Missing()
  return remittanceView(remittance, caller)
})

export const listRemittances = http(listRoute, async ({ query }, { caller }) => {
  const page = await pageOfRemittances(query.limit ?? PAGE, query.cursor)
  return { ...page, items: page.items.map((remittance) => remittanceView(remittance, caller)) }
})

export const listRemittanceLines = http(linesRoute, async ({ params: { remittanceId }, query }) => {
  if ((await load(remittanceId)) === undefined) throw new Missing()
  const page = await pageOfLines(remittanceId, query.limit ?? LINES_A_PAGE, query.cursor)
  return { ...page, items: page.items.map(lineView) }
})
