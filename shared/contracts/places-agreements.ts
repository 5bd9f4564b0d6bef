import * as z from 'zod'
import { idSchema } from '../kernel/ids.ts'
import { publicLine, publicLines } from '../kernel/public-text.ts'
import { rateBpsSchema } from '../kernel/quantity.ts'
import { shanghaiDaySchema } from '../kernel/time.ts'
import { route } from './route.ts'

/** An agreement ends soon: long enough to meet, sign the next version and bring it in. */
export const ENDS_SOON_DAYS = 30

/**
 * What the rate is of. `net-sales`, 货款净额: the price of the goods that were sold, less what was given back of it
 * (cancellations, shortages, claims, weight); without delivery or any other charge. There is no other yet.
 */
export const donationBases = ['net-sales'] as const

export const AGREEMENT_TEXT_MAX = 8_000
export const SIGNATORY_MAX = 60
export const AGREEMENT_VERSION_MAX = 999_999

/**
 * Who signed for one side. Both are meant to be public: the name of the organisation, and the office (and name) in which
 * somebody signed for it, 理事长 or 会长. No private data: no telephone, no identity number, no address of a person.
 */
export const signatorySchema = z.strictObject({
  organisation: publicLine(z.string().trim().min(1).max(80)),
  signatory: publicLine(z.string().trim().min(1).max(SIGNATORY_MAX)),
})

/** One way to write the ends of lines, so that a file from another system is the same text. */
export const agreementTextSchema = publicLines(
  z
    .string()
    .overwrite((text) => text.replaceAll(/\r\n?/g, '\n'))
    .trim()
    .min(1)
    .max(AGREEMENT_TEXT_MAX),
)

/**
 * One version of the donation agreement of a pairing, without its text. What is optional was not recorded for versions that
 * came in before it was asked for; a new version has it all (`decidePairingImport`).
 */
export const agreementSchema = z.strictObject({
  agreementId: idSchema,
  version: z.int().min(1).max(AGREEMENT_VERSION_MAX),
  rateBps: rateBpsSchema,
  base: z.enum(donationBases).optional(),
  /** In force from the start of this Shanghai day … */
  fromDay: shanghaiDaySchema,
  /** … to the end of this one. */
  toDay: shanghaiDaySchema,
  purposes: z.array(z.string().trim().min(1).max(120)).min(1).max(8),
  /** The donor may also give goods or work for these purposes; absent: money only. */
  inKind: z.boolean().optional(),
  /** Never after `fromDay`: who sells for charity signs beforehand (Charity Law, article 37). */
  signedDay: shanghaiDaySchema.optional(),
  signedBy: z.strictObject({ donor: signatorySchema, charity: signatorySchema }).optional(),
  /** Hex SHA-256 of the text in UTF-8: which text was signed, wherever a copy of it hangs. */
  textHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export type Agreement = z.infer<typeof agreementSchema>

/** As it is brought in: with the text, of which the hash is made. */
export const agreementRowSchema = z.strictObject({
  ...agreementSchema.omit({ textHash: true }).shape,
  text: agreementTextSchema.optional(),
})

/**
 * `in-force`: sets the donation today. `replaced`: its days hold today, but a newer version sets the donation. `not-begun`,
 * `over`: by its own days and those of the pairing.
 */
export const agreementStandings = ['in-force', 'not-begun', 'replaced', 'over'] as const

export const standingSchema = z.strictObject({
  standing: z.enum(agreementStandings),
  /** Of the one in force: the last day on which it sets the donation, be it by its end, the pairing's, or a newer version. */
  lastDay: shanghaiDaySchema.optional(),
  /** That day is at most 30 days away. */
  endsSoon: z.boolean(),
  /** The version that sets the donation from the day after; without one nothing is donated from then on. */
  followedBy: z.int().min(1).optional(),
})
export type AgreementStanding = z.infer<typeof standingSchema>

const agreementVersionSchema = z.strictObject({ ...agreementSchema.shape, ...standingSchema.shape })

const place = { communityId: idSchema, communityName: z.string() }
const pairingShape = {
  villageId: idSchema,
  villageName: z.string(),
  townName: z.string(),
  fromDay: shanghaiDaySchema,
  toDay: shanghaiDaySchema,
  synthetic: z.boolean(),
}

export const listAgreements = route({
  name: 'listAgreements',
  summary:
    'Donation agreements of the villages that a community is or was paired with: every version, newest first, without its text.',
  method: 'GET',
  path: '/api/places/communities/{communityId}/agreements',
  access: 'public',
  params: z.strictObject({ communityId: idSchema }),
  output: z.strictObject({
    ...place,
    /** The Shanghai day of which it is told what is in force. */
    asOfDay: shanghaiDaySchema,
    items: z.array(z.strictObject({ ...pairingShape, versions: z.array(agreementVersionSchema) })),
  }),
})

export const getAgreement = route({
  name: 'getAgreement',
  summary: 'One version of the donation agreement of a pairing, with its text. It never changes.',
  method: 'GET',
  path: '/api/places/communities/{communityId}/agreements/{villageId}/{version}',
  access: 'public',
  params: z.strictObject({
    communityId: idSchema,
    villageId: idSchema,
    version: z.coerce.number().int().min(1).max(AGREEMENT_VERSION_MAX),
  }),
  output: z.strictObject({
    ...place,
    asOfDay: shanghaiDaySchema,
    pairing: z.strictObject(pairingShape),
    agreement: agreementVersionSchema,
    text: z.string().optional(),
  }),
})

export const agreementRoutes = [listAgreements, getAgreement] as const
