import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkAnswerExample, hookEvents, hookPayloadSchema } from '#shared/contracts/hooks-events.ts'
import { checkQuestion } from '#shared/domain/hooks/news.ts'
import { type CheckAnswer, verdictOf } from '#shared/domain/hooks/verdict.ts'

/** Goal: a check is passed by the clear yes of who was asked to what was asked, and by nothing else. */
const asked = {
  questionId: 'msg_0f9d3c1e7a104f5e8a762f0f5c9f1b22',
  proposalId: '9c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77',
  amountFen: 110_000,
}
const yes = { allow: true, ...asked }
const answered = (body: unknown, more: Partial<Extract<CheckAnswer, { kind: 'answered' }>> = {}): CheckAnswer => ({
  ...{ kind: 'answered', status: 200, isWhole: true },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
})
const of = (body: unknown, more = {}) => verdictOf(answered(body, more), asked)
const silent = (why: string) => ({ kind: 'silent', why })

describe('a yes', () => {
  it('names the question, the project and the sum', () => {
    expect(of(yes)).toEqual({ kind: 'allowed' })
    // What else is said, and how it is laid out, is the checker's own affair.
    expect(of({ ...yes, reason: null, office: '民政局' })).toEqual({ kind: 'allowed' })
    expect(of(` ${JSON.stringify(yes, undefined, 2)}\n`)).toEqual({ kind: 'allowed' })
  })

  it.each([
    ['an earlier question', { questionId: 'msg_1f9d3c1e7a104f5e8a762f0f5c9f1b22' }],
    ['another project', { proposalId: '8c1f4f0e-3c52-4b1e-8f5a-1f1f4f0a9e77' }],
    ['another sum', { amountFen: 110_001 }],
  ])('to %s is none', (_what, other) => {
    expect(of({ ...yes, ...other })).toEqual(silent('other-question'))
    // And neither is a no, whose reason might tell of something else.
    expect(of({ ...yes, allow: false, ...other, reason: '王家的事' })).toEqual(silent('other-question'))
  })

  it('names the milestone where one is asked about, and need not where none is', () => {
    const second = { ...asked, milestone: 2 }
    const to = (more: object) => verdictOf(answered({ ...yes, ...more }), second)
    expect(to({ milestone: 2 })).toEqual({ kind: 'allowed' })
    for (const more of [{}, { milestone: 1 }, { milestone: null }]) expect(to(more)).toEqual(silent('other-question'))
    expect(to({ milestone: '2' })).toEqual(silent('not-an-answer'))
    expect(of({ ...yes, milestone: 2 })).toEqual({ kind: 'allowed' })
  })

  it.each(['questionId', 'proposalId', 'amountFen', 'allow'] as const)('without its %s is none', (name) => {
    const { [name]: _left, ...rest } = yes
    expect(of(rest)).toEqual(silent('not-an-answer'))
  })

  it.each([
    ...['', 'yes', 'true', 'null', '[]', '"allow"', '{"allow":true', `[${JSON.stringify(yes)}]`],
    JSON.stringify({ ...yes, allow: 'true' }),
    JSON.stringify({ ...yes, allow: 1 }),
    JSON.stringify({ ...yes, amountFen: '110000' }),
    JSON.stringify({ data: yes }),
  ])('is none as %s', (body) => {
    expect(of(body)).toEqual(silent('not-an-answer'))
  })

  it.each([201, 202, 204, 301, 302, 307, 400, 401, 404, 500, 503])('is none with status %s', (status) => {
    expect(of(yes, { status })).toEqual(silent('status'))
  })

  it('that does not end, or is too long, is none', () => {
    expect(of(yes, { isWhole: false })).toEqual(silent('too-long'))
  })

  it.each(['time-out', 'no-connection', 'bad-certificate', 'unknown-address', 'refused-address'] as const)(
    'is none after %s',
    (why) => {
      expect(verdictOf({ kind: 'unanswered', why }, asked)).toEqual(silent(why))
    },
  )

  it('is nothing else, whatever is answered', () => {
    const anything = fc.record(
      {
        allow: fc.oneof(fc.boolean(), fc.anything()),
        questionId: fc.oneof(fc.constant(asked.questionId), fc.string()),
        proposalId: fc.oneof(fc.constant(asked.proposalId), fc.string()),
        amountFen: fc.oneof(fc.constant(asked.amountFen), fc.integer(), fc.double()),
        reason: fc.anything(),
      },
      { requiredKeys: [] },
    )
    const status = fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 599 }))
    fc.assert(
      fc.property(fc.oneof(anything, fc.json()), status, fc.boolean(), (said, code, isWhole) => {
        const body = typeof said === 'string' ? said : (safeJson(said) ?? '')
        const verdict = verdictOf({ kind: 'answered', status: code, body, isWhole }, asked)
        const back = parsed(body) as Record<string, unknown> | null
        const isYes =
          code === 200 &&
          isWhole &&
          back?.['allow'] === true &&
          back['questionId'] === asked.questionId &&
          back['proposalId'] === asked.proposalId &&
          back['amountFen'] === asked.amountFen
        if (!isYes) expect(verdict.kind).not.toBe('allowed')
      }),
      { numRuns: 2_000 },
    )
  })
})

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

describe('a no', () => {
  const no = (reason?: unknown) => of({ ...yes, allow: false, ...(reason === undefined ? {} : { reason }) })

  it('says why, as one public line of two hundred at most', () => {
    expect(no()).toEqual({ kind: 'said-no' })
    expect(no('  项目编号\n没有备案\u202e ')).toEqual({ kind: 'said-no', reason: '项目编号 没有备案' })
    expect(no('<b>备案</b>')).toEqual({ kind: 'said-no', reason: 'b备案/b' })
    expect(no('长'.repeat(300))).toEqual({ kind: 'said-no', reason: '长'.repeat(200) })
    expect(no(' \n ')).toEqual({ kind: 'said-no' })
  })

  it('with somebody’s number in it has no reason, wherever the number stands', () => {
    expect(no('请打 138 1234 5678')).toEqual({ kind: 'said-no' })
    expect(no(`${'长'.repeat(195)}13812345678`)).toEqual({ kind: 'said-no' })
    expect(no('３７１５０２１９８００１０１１２３４')).toEqual({ kind: 'said-no' })
  })
})

describe('a question', () => {
  it('holds ids, a sum and a day, as the catalogue says, and an answer to it is what the catalogue shows', () => {
    const { path: _path, ...data } = hookEvents['disbursement.check.v1'].example.data
    const fat = { ...data, bankReference: 'ICBC-1', personId: 'issuer|x', householdId: 'c-1.3.2.501' }
    expect(() => checkQuestion(fat as typeof data, '2026-11-27T04:00:00.000Z')).toThrow()
    const { payload } = checkQuestion(data, '2026-11-27T04:00:00.000Z')
    const told = JSON.parse(payload) as { data: typeof data }
    expect(hookPayloadSchema('disbursement.check.v1').parse(told)).toEqual(told)
    expect(verdictOf(answered(checkAnswerExample), told.data)).toEqual({ kind: 'allowed' })
  })
})
