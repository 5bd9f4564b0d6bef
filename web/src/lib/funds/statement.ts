import type { getFundStatement, listFundStatements } from '#shared/contracts/fund-statement.ts'
import type { Output } from '#shared/contracts/route.ts'

export type FundStatementShown = Output<typeof getFundStatement>
export type FundPeriods = Output<typeof listFundStatements>
