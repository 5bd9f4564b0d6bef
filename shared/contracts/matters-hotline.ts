import * as z from 'zod'
import { clientIdSchema, idSchema } from '../kernel/ids.ts'
import { instantSchema } from '../kernel/time.ts'
import { categories, MATTER_TEXT_MAX } from './matters.ts'
import { route } from './route.ts'

/**
 * What came in through the citizens' hotline 12345. A ticket becomes a matter of its compound, once however often its file is
 * sent; where a community gets no tickets but their number, the number of a month is kept.
 */
export const hotlineRowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ticket'),
    /** The hotline's own number: it names the matter. */
    ticketNumber: z
      .string()
      .trim()
      .regex(/^[0-9A-Za-z-]{4,40}$/, '工单编号只写数字、字母和短横'),
    compoundId: idSchema,
    receivedAt: instantSchema,
    category: z.enum(categories),
    where: z.string().trim().min(2, '请写明地点').max(40, '最多 40 个字'),
    text: z
      .string()
      .trim()
      .min(5, '至少五个字')
      .max(MATTER_TEXT_MAX, `最多 ${MATTER_TEXT_MAX} 个字`)
      .regex(/^(?:[^<>\p{Cc}\p{Cf}]|\n)*$/u, '只能是纯文本'),
  }),
  z.strictObject({
    kind: z.literal('count'),
    compoundId: idSchema,
    /** `2026-11`. */
    month: z.string().regex(/^20\d\d-(?:0[1-9]|1[0-2])$/, '写成 2026-11'),
    /** All tickets of that month; sent again it is replaced. */
    count: z.int().min(0).max(100_000),
  }),
])
export type HotlineRow = z.infer<typeof hotlineRowSchema>

export const HOTLINE_ROWS_MAX = 200

export const importHotline = route({
  name: 'importHotline',
  summary:
    'Takes in tickets of the hotline 12345, or their number by month, row by row. The same ticket again is the same matter; one bad row is one bad result and keeps nobody else out.',
  method: 'POST',
  path: '/api/matters/hotline-imports',
  access: ['worker'],
  body: z.strictObject({ communityId: idSchema, rows: z.array(z.unknown()).min(1).max(HOTLINE_ROWS_MAX) }),
  output: z.strictObject({
    results: z.array(
      z.strictObject({
        row: z.int(),
        outcome: z.enum(['created', 'updated', 'unchanged', 'invalid', 'refused']),
        matterId: clientIdSchema.optional(),
        code: z.enum(['UNKNOWN_COMPOUND', 'TICKET_CHANGED']).optional(),
        fields: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
})
