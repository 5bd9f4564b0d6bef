import type { orderForPage } from '../server/order-for.ts'
import type { FormProblem } from '../server/problems.ts'

export type OrderForPage = Awaited<ReturnType<typeof orderForPage>>

/** What was typed, when it could not be placed. */
export type OrderForForm =
  | {
      readonly problem: FormProblem
      readonly orderId: string
      readonly placerName: string
      readonly pickUpPointId: string
      readonly quantities: Readonly<Record<string, number>>
    }
  | null
  | undefined
