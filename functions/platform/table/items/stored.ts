import * as z from 'zod'

/** Every item says what it is and in which version. Read leniently (unknown attributes are left aside), written strictly. */
export const stored = <E extends string, S extends z.ZodRawShape>(entity: E, shape: S) =>
  z.object({ entity: z.literal(entity), v: z.literal(1), ...shape })
