import { randomBytes } from 'node:crypto'
import type { Verdict } from '#shared/domain/hooks/verdict.ts'
import { keepQuestion } from './check-record.ts'
import { now as clock } from './clock.ts'
import { log } from './log.ts'
import { type Answered, postTo } from './outgoing/post.ts'
import { type SigningKeys, signedHeaders } from './outgoing/sign.ts'
import type { CheckAskedItem, CheckItem } from './table/items/checks.ts'

/** New each time: an answer to another question does not know it. */
export const newQuestionId = (): string => `msg_${randomBytes(16).toString('hex')}`

type Question = Omit<CheckAskedItem, 'entity' | 'v' | 'checkId' | 'outcome' | 'status' | 'latencyMs' | 'reason'> & {
  /** The body of the request. */
  readonly payload: string
}

/**
 * Asks a check once, and keeps what it was asked and what came of it. `judge` says what an answer means. Kept before it is
 * sent: a question that somebody died over is there as well.
 */
export async function askCheck(
  check: Pick<CheckItem, 'checkId' | 'url' | 'seconds'>,
  keys: readonly SigningKeys[],
  { payload, ...question }: Question,
  judge: (answer: Answered) => Verdict,
): Promise<Verdict> {
  const { checkId, url, seconds } = check
  const kept = { entity: 'checkAsked', v: 1, checkId, outcome: 'asked', ...question } as const
  await keepQuestion(kept)
  const { questionId } = question
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Xianglai-Checks/1',
    ...signedHeaders(keys, questionId, Date.parse(clock()), payload),
  }
  const startedMs = performance.now()
  const answer = await postTo(url, headers, payload, seconds * 1000)
  const latencyMs = Math.round(performance.now() - startedMs)
  const verdict = judge(answer)
  const outcome = verdict.kind === 'silent' ? verdict.why : verdict.kind
  const status = answer.kind === 'answered' ? { status: answer.status } : {}
  const reason = verdict.kind === 'said-no' && verdict.reason !== undefined ? { reason: verdict.reason } : {}
  await keepQuestion({ ...kept, outcome, latencyMs, ...status, ...reason })
  log(verdict.kind === 'allowed' ? 'info' : 'warn', 'check asked', {
    checkId,
    questionId,
    outcome,
    latencyMs,
    ...status,
  })
  return verdict
}
