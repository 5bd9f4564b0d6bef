import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { actors, choices } from './governance.ts'
import { placePart } from './places.ts'
import { page, pageQuery, route } from './route.ts'

/**
 * Where one household's paper stands: one person has entered it; two have, and not the same; two have entered the same, and it is
 * a ballot.
 */
export const paperStates = ['waiting', 'differs', 'counted'] as const
export type PaperState = (typeof paperStates)[number]

export const paperRefusals = {
  /** No households are voting on it now. */
  NOT_NOW: 409,
  /** It is the proposal of this person, or of theirs; or one of theirs has entered this paper first. */
  FOUR_EYES: 409,
  INTERESTED: 409,
  OWN_PAPER: 409,
  /** No household of this vote: nobody verified lives there, or nobody did when it opened. */
  HOUSEHOLD_NOT_VERIFIED: 409,
  /** The household has voted by itself, and that stands. */
  VOTED_ALREADY: 409,
  /** Two others have entered it. */
  ENTERED_BY_TWO: 409,
  /** Two have entered the same: it counts, and only the household's own vote takes its place. */
  PAPER_COUNTED: 409,
} as const
export type PaperRefusal = keyof typeof paperRefusals

const room = { building: placePart, unit: placePart, room: placePart }
const params = z.strictObject({ proposalId: clientIdSchema })
const access = ['worker', 'committee', 'supervisor'] as const

export const enterPaperBallot = route({
  name: 'enterPaperBallot',
  summary:
    'A household’s ballot on paper, as one of two persons reads it; nobody is shown what the other one entered. When both say the same it is the household’s vote, and the receipt is written on its stub. The same sent again is the same.',
  method: 'PUT',
  path: '/api/proposals/{proposalId}/paper-ballots',
  access,
  params,
  body: z.strictObject({ ...room, choice: z.enum(choices) }),
  output: z.strictObject({
    /** The household in the register's own words. */
    ...{ building: z.string(), unit: z.string(), room: z.string() },
    state: z.enum(paperStates),
    /** Of a ballot: finds it in the export. */
    receipt: z.string().optional(),
  }),
  refusals: paperRefusals,
})

export const waitingPaperSchema = z.strictObject({
  ...{ building: z.string(), unit: z.string(), room: z.string() },
  /** Who entered it first, by role and number. */
  firstBy: z.strictObject({ actor: z.enum(actors), memberId: idSchema }),
  /** Two have entered it, and not the same. */
  differs: z.boolean(),
  /** The caller is one of those who have. */
  mine: z.boolean(),
})
export type WaitingPaper = z.infer<typeof waitingPaperSchema>

export const listPaperBallots = route({
  name: 'listPaperBallots',
  summary:
    'Papers that are no ballots yet, for those who may enter them: whose, and who entered first, never the choice.',
  method: 'GET',
  path: '/api/proposals/{proposalId}/paper-ballots',
  access,
  params,
  query: z.strictObject(pageQuery),
  output: page(waitingPaperSchema),
  refusals: { NOT_NOW: 409, FOUR_EYES: 409, INTERESTED: 409 },
})

export const paperRoutes = [enterPaperBallot, listPaperBallots] as const
