import type { CheckScope, CheckView, QuestionView } from '#shared/contracts/hooks-checks.ts'
import { keysInUse, type SigningKey } from '#shared/domain/hooks/keys.ts'
import { assert } from '#shared/kernel/assert.ts'
import { type Instant, plusMs } from '#shared/kernel/time.ts'
import { getCheckScope, scopeIdOf } from '#functions/platform/check-record.ts'
import { Missing } from '#functions/platform/missing.ts'
import { checkIndex, checkKeys } from '#functions/platform/table/check-keys.ts'
import {
  checkAskedItem,
  type CheckAskedItem,
  checkChangeItem,
  checkItem,
  type CheckItem,
  type CheckScopeItem,
  checkScopeItem,
  checkSigningItem,
  type CheckSigningItem,
} from '#functions/platform/table/items/checks.ts'
import { EXISTS, get, NOT_EXISTS, query, transact, type Write } from '#functions/platform/table/table.ts'

/** A check that somebody still has (pattern 126). */
export async function findCheck(checkId: string): Promise<CheckItem | undefined> {
  const check = await get(checkItem, checkKeys.check(checkId))
  return check?.state === 'ended' ? undefined : check
}

export async function getCheck(checkId: string): Promise<CheckItem> {
  const check = await findCheck(checkId)
  if (check === undefined) throw new Missing()
  return check
}

export function getSigning(checkId: string): Promise<CheckSigningItem | undefined> {
  return get(checkSigningItem, checkKeys.checkSigning(checkId))
}

/** A page of checks (pattern 128), those of one scope together; `all`: also those that ended, for who tidies up. */
export async function pageOfChecks(limit: number, cursor: string | undefined, all = false) {
  const { GSI1PK: pk } = checkIndex.checks('', '')
  const page = await query(checkItem, { pk, between: ['0', '~'], index: 'GSI1', limit, cursor })
  return { ...page, items: page.items.filter(({ state }) => all || state !== 'ended') }
}

const scopeName = (scope: CheckScope) => `${scope.kind}.${scopeIdOf(scope)}`

function checkPut(check: CheckItem) {
  const { checkId, scope } = check
  return { ...checkKeys.check(checkId), ...checkIndex.checks(scopeName(scope), checkId), ...checkItem.parse(check) }
}

/**
 * The scope as it is from now on, and, where another set of checks is on than before, the line that says since when. Its
 * moments never go back, whichever machine's clock they are from: the last line is the one that holds.
 */
function scopeWrites(
  scope: CheckScope,
  before: CheckScopeItem | undefined,
  checkIds: readonly string[],
  on: readonly string[],
  now: Instant,
  changedBy: string,
): Write[] {
  const at = before !== undefined && before.changedAt > now ? before.changedAt : now
  const [kind, scopeId, revision] = [scope.kind, scopeIdOf(scope), (before?.revision ?? 0) + 1]
  const item = checkScopeItem.parse({
    ...{ entity: 'checkScope', v: 1, kind, scopeId, checkIds, on, revision, changedAt: at },
  })
  const put = { ...checkKeys.checkScope(kind, scopeId), ...item }
  const isSame = (before?.on ?? []).join() === on.join()
  const change = checkChangeItem.parse({ entity: 'checkChange', v: 1, at, on, changedBy })
  return [
    before === undefined
      ? { put, condition: NOT_EXISTS }
      : { put, condition: 'revision = :was', expression: { values: { ':was': before.revision } } },
    ...(isSame
      ? []
      : [{ put: { ...checkKeys.checkChange(kind, scopeId, at, revision), ...change }, condition: NOT_EXISTS }]),
  ]
}

/** With its keys and its place in the scope, or not at all; false when somebody changed the scope meanwhile. */
export async function saveNewCheck(
  check: CheckItem,
  signing: CheckSigningItem,
  scope: CheckScopeItem | undefined,
): Promise<boolean> {
  assert(check.state === 'off', 'a new check is switched on by hand')
  const checkIds = [...(scope?.checkIds ?? []), check.checkId]
  const saved = await transact([
    { put: checkPut(check), condition: NOT_EXISTS },
    {
      put: { ...checkKeys.checkSigning(check.checkId), ...checkSigningItem.parse(signing) },
      condition: NOT_EXISTS,
    },
    ...scopeWrites(check.scope, scope, checkIds, scope?.on ?? [], check.createdAt, check.createdBy),
  ])
  return saved.kind === 'done'
}

const names = { names: { '#state': 'state' } }

/** The check and its scope say the same in one write; false when somebody changed either meanwhile. */
export async function switchCheck(
  check: CheckItem,
  state: 'on' | 'off',
  now: Instant,
  changedBy: string,
): Promise<boolean> {
  const scope = await getCheckScope(check.scope)
  assert(scope !== undefined, 'a check lies in its scope')
  const others = scope.on.filter((checkId) => checkId !== check.checkId)
  const on = state === 'on' ? [...others, check.checkId] : others
  const saved = await transact([
    {
      update: checkKeys.check(check.checkId),
      set: 'SET #state = :next',
      condition: '#state = :was',
      expression: { ...names, values: { ':next': state, ':was': check.state } },
    },
    ...scopeWrites(check.scope, scope, scope.checkIds, on, now, changedBy),
  ])
  return saved.kind === 'done'
}

/** Out of its scope and without keys in one write: from here on nobody is asked there. */
export async function endCheck(check: CheckItem, now: Instant, changedBy: string): Promise<boolean> {
  const scope = await getCheckScope(check.scope)
  assert(scope !== undefined, 'a check lies in its scope')
  const without = (ids: readonly string[]) => ids.filter((checkId) => checkId !== check.checkId)
  const ended = await transact([
    {
      update: checkKeys.check(check.checkId),
      set: 'SET #state = :ended',
      condition: '#state = :was',
      expression: { ...names, values: { ':ended': 'ended', ':was': check.state } },
    },
    { delete: checkKeys.checkSigning(check.checkId), condition: EXISTS },
    ...scopeWrites(check.scope, scope, without(scope.checkIds), without(scope.on), now, changedBy),
  ])
  return ended.kind === 'done'
}

export function publicKeysOf(keys: readonly SigningKey[]): CheckItem['publicKeys'] {
  return keys.map(({ publicKey, madeAt, endsAt }) => ({
    ...{ publicKey, madeAt },
    ...(endsAt === undefined ? {} : { endsAt }),
  }))
}

/** The keys as they were read, or not at all; what may be known of them stands beside the check. */
export async function saveCheckKeys(before: CheckSigningItem, keys: readonly SigningKey[]): Promise<boolean> {
  const item = checkSigningItem.parse({ ...before, keys, revision: before.revision + 1 })
  const saved = await transact([
    {
      put: { ...checkKeys.checkSigning(before.checkId), ...item },
      condition: 'revision = :was',
      expression: { values: { ':was': before.revision } },
    },
    {
      update: checkKeys.check(before.checkId),
      set: 'SET publicKeys = :keys',
      condition: '#state <> :ended',
      expression: { ...names, values: { ':keys': publicKeysOf(keys), ':ended': 'ended' } },
    },
  ])
  return saved.kind === 'done'
}

/** Keeps tries apart: no two within some seconds, whoever asks. */
export async function takeTry(checkId: string, now: Instant, pauseMs: number): Promise<boolean> {
  const taken = await transact([
    {
      update: checkKeys.check(checkId),
      set: 'SET testedAt = :now',
      condition: '#state <> :ended AND (attribute_not_exists(testedAt) OR testedAt <= :before)',
      expression: { ...names, values: { ':now': now, ':before': plusMs(now, -pauseMs), ':ended': 'ended' } },
    },
  ])
  return taken.kind === 'done'
}

/** What it was asked (pattern 129), newest first. */
export function pageOfQuestions(checkId: string, limit: number, cursor: string | undefined) {
  const { PK: pk } = checkKeys.checkAsked(checkId, '', '')
  return query(checkAskedItem, { pk, newestFirst: true, limit, cursor })
}

export function getQuestion(checkId: string, at: Instant, questionId: string): Promise<CheckAskedItem | undefined> {
  return get(checkAskedItem, checkKeys.checkAsked(checkId, at, questionId))
}

/** Questions before a moment, the oldest first. */
export async function questionsBefore(checkId: string, before: string, limit: number) {
  const { PK: pk } = checkKeys.checkAsked(checkId, '', '')
  return (await query(checkAskedItem, { pk, between: ['0', before], limit })).items
}

export async function forgetQuestion({ checkId, at, questionId }: CheckAskedItem): Promise<void> {
  await transact([{ delete: checkKeys.checkAsked(checkId, at, questionId), condition: EXISTS }])
}

/** The last of one that ended. When it was on stays with its scope. */
export async function forgetCheck(checkId: string): Promise<void> {
  await transact([
    {
      delete: checkKeys.check(checkId),
      condition: '#state = :ended',
      expression: { ...names, values: { ':ended': 'ended' } },
    },
  ])
}

export function checkView(check: CheckItem, now: Instant): CheckView {
  const { checkId, name, scope, scopeName: whose, url, seconds, state, createdAt, publicKeys } = check
  assert(state !== 'ended', 'nobody sees what has ended')
  return {
    ...{ checkId, name, scope, scopeName: whose, url, seconds, state, createdAt },
    publicKeys: [...keysInUse(publicKeys, now)],
  }
}

/** Without who wanted to pay. */
export function questionView(item: CheckAskedItem): QuestionView {
  const { questionId, at, test, proposalId, compoundId, amountFen, milestone, milestones, paidOn, ...came } = item
  const { outcome, status, latencyMs, reason } = came
  return {
    ...{ questionId, at, test, proposalId, compoundId, amountFen, paidOn, outcome },
    ...(milestone === undefined ? {} : { milestone }),
    ...(milestones === undefined ? {} : { milestones }),
    ...(status === undefined ? {} : { status }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(reason === undefined ? {} : { reason }),
  }
}
