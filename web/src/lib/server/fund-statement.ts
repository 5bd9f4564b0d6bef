import { getFundStatement, listFundStatements } from '#shared/contracts/fund-statement.ts'
import type { RequestEvent } from '@sveltejs/kit'
import type { FundPeriods, FundStatementShown } from '../funds/statement.ts'
import { api } from './api.ts'
import { dataOrError } from './problems.ts'
import { publicRead } from './public-reads.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'>

/** For the page and its files: all show the same document. Without a token it is what everybody may see. */
export async function fundStatementOf(
  event: Event & { readonly params: { readonly compoundId: string; readonly period: string } },
  token: string | undefined,
): Promise<FundStatementShown> {
  const { compoundId, period } = event.params
  const input = { params: { compoundId, period } }
  return dataOrError(
    token === undefined ? await publicRead(getFundStatement, input) : await api(getFundStatement, input, { token }),
    event,
  )
}

export async function fundPeriodsOf(
  event: Event & { readonly params: { readonly compoundId: string } },
  token: string | undefined,
): Promise<FundPeriods> {
  const input = { params: { compoundId: event.params.compoundId } }
  return dataOrError(
    token === undefined ? await publicRead(listFundStatements, input) : await api(listFundStatements, input, { token }),
    event,
  )
}
