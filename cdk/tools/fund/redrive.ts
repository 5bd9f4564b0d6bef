import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { say, type Result } from '../result.ts'
import { fundsOf, type Flags, type Operator } from './operator.ts'
import { reconcileEach, summary } from './reconcile.ts'

/**
 * What the fund's stream gave up on is kept as pointers into the stream, which lead nowhere after a day: the records
 * themselves are gone. The sales are recorded, though, so a reconcile posts whatever a lost batch held, and then the
 * pointers can go: those of the local system by themselves, those of a deployment by one command of the AWS CLI.
 */
export async function redrive(operator: Operator, flags: Flags): Promise<Result> {
  const wanted = flags.fund === undefined ? { ...flags, all: true } : flags
  const fundIds = await fundsOf(operator, wanted)
  const kept = operator.dataDir === undefined ? undefined : setAside(operator.dataDir)
  if (kept !== undefined) say(`${kept.pointers} pointers to what the stream gave up on`)
  const funds = await reconcileEach(operator, fundIds)
  const { ok, ...found } = summary(funds)
  // A pointer does not name its fund: only a look at all of them answers it.
  const answered = ok === true && flags.fund === undefined
  if (kept !== undefined) {
    if (answered) kept.clear()
    else say('the pointers are kept: only a redrive of all funds with nothing wrong clears them')
    return { ...found, pointers: kept.pointers, cleared: answered ? kept.pointers : 0, ok: ok === true }
  }
  if (answered) say(`If nothing was given up since, clear the queue:\n  ${PURGE}`)
  return { ...found, ...(answered ? { purge: PURGE } : {}), ok: ok === true }
}

/** How the logical id of the queue begins, and on the local host its file. */
export const QUEUE = 'FundOnSaleGivenUp'
const QUEUE_ARN =
  `aws cloudformation describe-stack-resources --stack-name Xianglai ` +
  `--query "StackResources[?starts_with(LogicalResourceId,'${QUEUE}')&&ResourceType=='AWS::SQS::Queue'].PhysicalResourceId" --output text`
export const PURGE = `aws sqs purge-queue --queue-url "$(${QUEUE_ARN})"`

/**
 * Moves the queue's file aside before the reconcile begins: what the host gives up on while it runs makes a new one and stays.
 * What an earlier redrive did not clear is counted too.
 */
function setAside(dataDir: string): { readonly pointers: number; readonly clear: () => void } {
  const dir = join(dataDir, 'host-queues')
  for (const name of namesIn(dir)) {
    if (name.startsWith(QUEUE) && name.endsWith('.jsonl')) {
      renameSync(join(dir, name), join(dir, `${name}.${Date.now()}.redriving`))
    }
  }
  const aside = namesIn(dir)
    .filter((name) => name.startsWith(QUEUE) && name.endsWith('.redriving'))
    .map((name) => join(dir, name))
  const pointers = aside.reduce((sum, file) => sum + readFileSync(file, 'utf8').split('\n').filter(Boolean).length, 0)
  return { pointers, clear: () => aside.forEach((file) => rmSync(file, { force: true })) }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}
