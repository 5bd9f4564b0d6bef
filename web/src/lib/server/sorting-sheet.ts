import type { RequestEvent } from '@sveltejs/kit'
import { getSortingSheet } from '#shared/contracts/orders.ts'
import { api } from './api.ts'
import { dataOrError, neededToken } from './problems.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'> & {
  readonly params: { readonly compoundId: string; readonly groupBuyId: string }
}

/** For the page and its file: both show the same document. */
export async function sortingSheetOf(event: Event) {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  return dataOrError(await api(getSortingSheet, { params: { compoundId, groupBuyId } }, { token }), event)
}
