import * as z from 'zod'

/** The number of a bank's slip, as people type it; kept one way, so that no slip is used twice. */
export const bankReferenceSchema = z
  .string()
  .normalize('NFKC')
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9-]{4,40}$/, '银行流水号是 4 到 40 位字母、数字或短横')
