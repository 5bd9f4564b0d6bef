import { getFundStatement, periodSchema } from '#shared/contracts/fund-statement.ts'
import { Usage, type Result } from '../result.ts'
import { ask, fundsOf, saidNo, type Flags, type Operator } from './operator.ts'

/** The statement of a period as the API tells it. As a table it is on the fund's page: the tools do not know the pages' code. */
export async function readStatement(operator: Operator, flags: Flags): Promise<Result> {
  const { format = 'json' } = flags
  if (format !== 'json')
    throw new Usage(`--format ${format}: a statement is json here; its table is on the fund's page`)
  const period = periodSchema.safeParse(flags.period)
  if (!period.success) throw new Usage('--period 2026-10, 2026-Q3 or 2026 is needed')
  const statements = []
  for (const compoundId of await fundsOf(operator, flags)) {
    const said = await ask(operator, getFundStatement, { params: { compoundId, period: period.data } })
    if (said.kind === 'ok') statements.push(said.output)
    else if (said.code !== 'NOT_FOUND') throw saidNo(operator, said, `fund ${compoundId}`)
    else if (flags.all !== true) {
      throw new Usage(`--period ${period.data}: fund ${compoundId} has no statement of it that this --token may see`)
    }
  }
  return { statements, ok: statements.every(({ check }) => check.ok) }
}
