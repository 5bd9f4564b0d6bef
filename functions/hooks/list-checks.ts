import { listChecks as route, listQuestions as questionsRoute } from '#shared/contracts/hooks-checks.ts'
import { http } from '#functions/platform/http.ts'
import { checkView, getCheck, pageOfChecks, pageOfQuestions, questionView } from './check-store.ts'

const PAGE = 50

export const listChecks = http(route, async ({ query: { limit, cursor } }, { now }) => {
  const { items, ...page } = await pageOfChecks(limit ?? PAGE, cursor)
  return { ...page, items: items.map((check) => checkView(check, now)) }
})

export const listQuestions = http(questionsRoute, async ({ params: { checkId }, query: { limit, cursor } }) => {
  await getCheck(checkId)
  const { items, ...page } = await pageOfQuestions(checkId, limit ?? PAGE, cursor)
  return { ...page, items: items.map(questionView) }
})
