import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { instantSchema, shanghaiDaySchema } from '../kernel/time.ts'
import { DELIVERIES_KEPT_DAYS, OLD_KEY_HOURS } from './hooks.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * A check 核验: somebody else's system, which has to say yes before the host charity's payment of a project is written to
 * the ledger. Whatever is not its clear yes in time is a no.
 */
export const CHECKS_A_SCOPE_MAX = 3
/** The charity waits for it at a page that itself waits ten seconds, and the ledger is written after it. */
export const CHECK_SECONDS_MAX = 6
export const CHECK_SECONDS = 5
/** How long questions and answers can be looked at. */
export const QUESTIONS_KEPT_DAYS = DELIVERIES_KEPT_DAYS
/** Of what a checker says why not, so much is told. */
export const REASON_MAX = 200

/** Whose payments wait for it. */
export const checkScopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('district') }),
  z.strictObject({ kind: z.literal('community'), id: idSchema }),
])
export type CheckScope = z.infer<typeof checkScopeSchema>

const name = z.string().trim().min(1, '请起个名字').max(40, '名字太长了')
const url = z.string().trim().min(1, '请填核验地址').max(500, '地址太长了')
const seconds = z.int().min(1, '至少 1 秒').max(CHECK_SECONDS_MAX, `最多 ${CHECK_SECONDS_MAX} 秒`)
const publicKey = z.string().regex(/^whpk_[A-Za-z0-9+/]{43}=$/)
const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/)

export const checkSchema = z.strictObject({
  checkId: clientIdSchema,
  name: z.string(),
  scope: checkScopeSchema,
  scopeName: z.string(),
  url: z.string(),
  /** How long it is waited for. */
  seconds: z.int(),
  state: z.enum(['on', 'off']),
  createdAt: instantSchema,
  publicKeys: z.array(z.strictObject({ publicKey, madeAt: instantSchema, endsAt: instantSchema.optional() })),
})
export type CheckView = z.input<typeof checkSchema>

/** What a question came to. `asked`: whoever asked it died before the answer. */
export const questionOutcomes = [
  'asked',
  'allowed',
  'said-no',
  /** Answered, and no 200. */
  'status',
  'too-long',
  'not-an-answer',
  /** An answer that does not name what was asked. */
  'other-question',
  'time-out',
  'no-connection',
  'bad-certificate',
  'unknown-address',
  'refused-address',
] as const
export type QuestionOutcome = (typeof questionOutcomes)[number]

export const questionIdSchema = z.string().regex(/^msg_[0-9a-f]{32}$/)

/** One question and what came of it. Who wanted to pay is told to nobody. */
export const questionSchema = z.strictObject({
  questionId: questionIdSchema,
  at: instantSchema,
  /** Asked to try the check: it paid nothing. */
  test: z.boolean(),
  proposalId: clientIdSchema,
  compoundId: idSchema,
  amountFen: z.int(),
  milestone: z.int().optional(),
  milestones: z.int().optional(),
  paidOn: shanghaiDaySchema,
  outcome: z.enum(questionOutcomes),
  status: z.int().optional(),
  latencyMs: z.int().optional(),
  reason: z.string().optional(),
})
export type QuestionView = z.input<typeof questionSchema>

const ofCheck = z.strictObject({ checkId: clientIdSchema })

export const listChecks = route({
  name: 'listChecks',
  summary: 'Checks before a payment: other systems that have to say yes.',
  method: 'GET',
  path: '/api/checks',
  access: ['admin'],
  query: z.strictObject(pageQuery),
  output: page(checkSchema),
})

export const addCheck = route({
  name: 'addCheck',
  summary: `Adds a check of a scope; it is off until it is switched on. The signing secret is in this answer and in no other one. At most ${CHECKS_A_SCOPE_MAX} a scope.`,
  method: 'PUT',
  path: '/api/checks/{checkId}',
  access: ['admin'],
  params: ofCheck,
  body: z.strictObject({ name, url, scope: checkScopeSchema, seconds }),
  output: z.strictObject({ check: checkSchema, secret: secret.optional() }),
  refusals: {
    CHECK_ID_REUSED: 409,
    TOO_MANY_CHECKS: 409,
    UNKNOWN_SCOPE: 422,
    HOOK_URL_REFUSED: 422,
    HOOK_ADDRESS_REFUSED: 422,
    HOOK_ADDRESS_UNKNOWN: 422,
  },
})

export const turnCheck = route({
  name: 'turnCheck',
  summary:
    'Switches a check on or off. When it was switched, and by whom, is kept for good, and the reconcile reads it. A payment that it has stopped waits for its yes, or for two persons who override it, whether it is on or off.',
  method: 'PUT',
  path: '/api/checks/{checkId}/state',
  access: ['admin'],
  params: ofCheck,
  body: z.strictObject({ state: z.enum(['on', 'off']) }),
  output: checkSchema,
})

export const removeCheck = route({
  name: 'removeCheck',
  summary: 'Ends a check: nobody is asked there any more, and its keys are gone.',
  method: 'DELETE',
  path: '/api/checks/{checkId}',
  access: ['admin'],
  params: ofCheck,
  output: z.strictObject({}),
})

export const rotateCheckKeys = route({
  name: 'rotateCheckKeys',
  summary: `Makes new keys; the secret is in this answer and in no other one. The old ones sign along for ${OLD_KEY_HOURS} hours, or, when they leaked, stop at once.`,
  method: 'POST',
  path: '/api/checks/{checkId}/keys',
  access: ['admin'],
  params: ofCheck,
  body: z.strictObject({ old: z.enum(['sign-along', 'stop']) }),
  output: z.strictObject({ check: checkSchema, secret }),
  refusals: { KEYS_CHANGING: 409 },
})

export const tryCheck = route({
  name: 'tryCheck',
  summary:
    'Asks a question that pays nothing, `test: true`, and says what came of it. Works while the check is off, too.',
  method: 'POST',
  path: '/api/checks/{checkId}/tries',
  access: ['admin'],
  params: ofCheck,
  output: questionSchema,
  refusals: { JUST_TESTED: 409 },
})

export const listQuestions = route({
  name: 'listQuestions',
  summary: `What a check was asked in ${QUESTIONS_KEPT_DAYS} days and what came of it, newest first.`,
  method: 'GET',
  path: '/api/checks/{checkId}/questions',
  access: ['admin'],
  params: ofCheck,
  query: z.strictObject(pageQuery),
  output: page(questionSchema),
})

export const checkRoutes = [
  listChecks,
  addCheck,
  turnCheck,
  removeCheck,
  rotateCheckKeys,
  tryCheck,
  listQuestions,
] as const
