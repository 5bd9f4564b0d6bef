import { REASON_MAX, type QuestionOutcome } from '../../contracts/hooks-checks.ts'
import { checkAnswerSchema } from '../../contracts/hooks-events.ts'
import { asPublicLine } from '../../kernel/public-text.ts'

/** What came back, as far as it decides. */
export type CheckAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly body: string
      /** The body ended where it says, and was not cut short by us. */
      readonly isWhole: boolean
    }
  | {
      readonly kind: 'unanswered'
      readonly why: Extract<
        QuestionOutcome,
        'time-out' | 'no-connection' | 'bad-certificate' | 'unknown-address' | 'refused-address'
      >
    }

export type Asked = {
  readonly questionId: string
  readonly proposalId: string
  readonly amountFen: number
  readonly milestone?: number
}

export type Verdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'said-no'; readonly reason?: string }
  | { readonly kind: 'silent'; readonly why: Exclude<QuestionOutcome, 'asked' | 'allowed' | 'said-no'> }

const OK = 200

/**
 * Closed, unless the very system that was asked says yes to the very question: a whole answer 200 of JSON with `allow: true`
 * that names the question, the project, the sum and, where there is one, the milestone. The question's name is new each time, so that an answer to an earlier
 * one is none; project and sum are asked for so that whoever only throws back a name has agreed to nothing.
 * A no counts as one only when it answers this question, too: else its reason might tell of something else.
 */
export function verdictOf(answer: CheckAnswer, asked: Asked): Verdict {
  if (answer.kind === 'unanswered') return { kind: 'silent', why: answer.why }
  if (answer.status !== OK) return { kind: 'silent', why: 'status' }
  if (!answer.isWhole) return { kind: 'silent', why: 'too-long' }
  const said = checkAnswerSchema.safeParse(parsed(answer.body))
  if (!said.success) return { kind: 'silent', why: 'not-an-answer' }
  const { allow, reason, questionId, proposalId, amountFen, milestone } = said.data
  const isOfSum = amountFen === asked.amountFen && (asked.milestone === undefined || milestone === asked.milestone)
  const isOfThis = questionId === asked.questionId && proposalId === asked.proposalId && isOfSum
  if (!isOfThis) return { kind: 'silent', why: 'other-question' }
  if (allow) return { kind: 'allowed' }
  const why = asPublicLine(reason ?? '', REASON_MAX)
  return { kind: 'said-no', ...(why === undefined ? {} : { reason: why }) }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
