import { randomUUID } from 'node:crypto'
import { tryCheck as route } from '#shared/contracts/hooks-checks.ts'
import { keysInUse } from '#shared/domain/hooks/keys.ts'
import { checkQuestion } from '#shared/domain/hooks/news.ts'
import { verdictOf } from '#shared/domain/hooks/verdict.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { askCheck, newQuestionId } from '#functions/platform/ask-check.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { getCheck, getQuestion, getSigning, questionView, takeTry } from './check-store.ts'

const PAUSE_MS = 3_000
/** A project that nobody proposed, in no compound. */
const NOWHERE = 'test'
const ONE_FEN = 1

/** The same question in the same way as before a payment, but that it says it is a test; no payment waits for it. */
export const tryCheck = http(route, async ({ params: { checkId } }, { caller, now }) => {
  const check = await getCheck(checkId)
  const signing = await getSigning(checkId)
  if (signing === undefined) throw new Missing()
  if (!(await takeTry(checkId, now, PAUSE_MS))) return refused('JUST_TESTED', '刚刚测试过，请等几秒再试')
  const questionId = newQuestionId()
  const of = { questionId, proposalId: randomUUID(), compoundId: NOWHERE, amountFen: ONE_FEN, test: true }
  const asked = { ...of, paidOn: shanghaiDay(now) }
  const { payload } = checkQuestion({ ...asked, checkId, communityId: NOWHERE }, now)
  await askCheck(
    check,
    keysInUse(signing.keys, now),
    { ...asked, payload, askedBy: caller.personId, at: now },
    (answer) => verdictOf(answer, of),
  )
  const kept = await getQuestion(checkId, now, questionId)
  if (kept === undefined) throw new Missing()
  return questionView(kept)
})
