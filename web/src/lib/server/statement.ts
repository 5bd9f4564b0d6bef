import { error, type RequestEvent } from '@sveltejs/kit'
import { getStatement } from '#shared/contracts/settlement.ts'
import { api } from './api.ts'
import { dataOrError, neededToken, sentenceOf } from './problems.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'> & {
  readonly params: { readonly groupBuyId: string; readonly part: string }
}

/** The statement that an address names; an address that can name none is not found. */
export function statementParams({ params, locals }: Event) {
  const part = Number(params.part)
  if (!Number.isSafeInteger(part) || part < 1) {
    error(404, { message: sentenceOf('NOT_FOUND', locals.lang), code: 'NOT_FOUND' })
  }
  return { groupBuyId: params.groupBuyId, part }
}

/** For the page and its files: all show the same document. */
export async function statementOf(event: Event) {
  const token = await neededToken(event)
  return dataOrError(await api(getStatement, { params: statementParams(event) }, { token }), event)
}
