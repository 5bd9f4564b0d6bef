import type { RequestEvent } from '@sveltejs/kit'
import { getPurchaseOrder } from '#shared/contracts/group-buys.ts'
import { api } from './api.ts'
import { dataOrError, neededToken } from './problems.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'> & { readonly params: { readonly groupBuyId: string } }

/** For the page and its file: both show the same document. */
export async function purchaseOrderOf(event: Event) {
  const token = await neededToken(event)
  const { groupBuyId } = event.params
  return dataOrError(await api(getPurchaseOrder, { params: { groupBuyId } }, { token }), event)
}
