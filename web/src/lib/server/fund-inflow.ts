import { getFundInflow } from '#shared/contracts/fund-inflow.ts'
import { spans, type Span } from '#shared/contracts/fund-spans.ts'
import type { RequestEvent } from '@sveltejs/kit'
import type { FundInflowShown } from '../funds/inflow.ts'
import { api, type Answer } from './api.ts'
import { dataOrError } from './problems.ts'
import { publicRead } from './public-reads.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'> & { readonly params: { readonly compoundId: string } }

/** Without a token it is what everybody may see. What the address names that is no span is a month; no day is the last one. */
export async function fundInflowOf(event: Event, token: string | undefined): Promise<FundInflowShown> {
  const wish = event.url.searchParams
  const span: Span = spans.find((each) => each === wish.get('span')) ?? 'month'
  const day = wish.get('day') ?? undefined
  return dataOrError(await readInflow(event.params.compoundId, { span, day }, token), event)
}

export function readInflow(
  compoundId: string,
  query: { readonly span: Span; readonly day?: string | undefined },
  token: string | undefined,
): Promise<Answer<typeof getFundInflow>> {
  const input = { params: { compoundId }, query }
  return token === undefined ? publicRead(getFundInflow, input) : api(getFundInflow, input, { token })
}
