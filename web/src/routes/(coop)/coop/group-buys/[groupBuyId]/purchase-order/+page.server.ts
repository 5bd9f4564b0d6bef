import { purchaseOrderOf } from '#web/lib/server/purchase-order.ts'
import type { PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => ({ order: await purchaseOrderOf(event) })
