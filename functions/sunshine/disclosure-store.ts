import { DISCLOSURES_MAX, type DisclosureSummary, type Snapshot } from '#shared/contracts/sunshine.ts'
import { beginsNext, nextAwaited } from '#shared/domain/sunshine/awaiting.ts'
import { deadlinesOf } from '#shared/domain/sunshine/clock.ts'
import { fundDueAt } from '#shared/domain/sunshine/decide-publish.ts'
import { disclosureIdOf } from '#shared/domain/sunshine/disclosure-id.ts'
import {
  afterStep,
  type Disclosure,
  foldDisclosure,
  lastPublication,
  openObjections,
} from '#shared/domain/sunshine/disclosure.ts'
import { OBJECTIONS_MAX, VERSIONS_MAX } from '#shared/domain/sunshine/rules.ts'
import type { SunshineStep } from '#shared/domain/sunshine/steps.ts'
import { tasksOf } from '#shared/domain/sunshine/tasks.ts'
import { assert } from '#shared/kernel/assert.ts'
import { quarterAfter } from '#shared/kernel/quarters.ts'
import { type Instant, shanghaiDay } from '#shared/kernel/time.ts'
import { disclosureEventItem } from '#functions/platform/table/items/disclosure-event.ts'
import {
  disclosureItem,
  type DisclosureItem,
  disclosureMarkItem,
  disclosurePartitionItem,
  disclosureStepItem,
  disclosureTaskItem,
  publicationItem,
} from '#functions/platform/table/items/sunshine.ts'
import { sunshineIndex, sunshineKeys } from '#functions/platform/table/sunshine-keys.ts'
import { ALWAYS, get, NOT_EXISTS, query, queryAll, transact, type Write } from '#functions/platform/table/table.ts'

/** An objection takes five steps at most; a publication one, with three of the clock. */
const PARTITION_MAX = 5 * OBJECTIONS_MAX + 4 * VERSIONS_MAX + 50

export type Loaded = { readonly item: DisclosureItem; readonly disclosure: Disclosure }

/** A disclosure with all its steps, read consistently (pattern S5). */
export async function loadDisclosure(disclosureId: string): Promise<Loaded | undefined> {
  const { PK: pk } = sunshineKeys.disclosure(disclosureId)
  const items = await queryAll(disclosurePartitionItem, { pk, max: PARTITION_MAX })
  const item = items.find((each) => each.entity === 'sunshineDisclosure')
  if (item === undefined) return undefined
  const steps = items
    .filter((each) => each.entity === 'sunshineStep')
    .sort((left, right) => left.number - right.number)
    .map(({ entity: _entity, v: _v, number: _number, ...step }): SunshineStep => step)
  assert(steps.length === item.steps, 'a disclosure has all its steps')
  return { item, disclosure: foldDisclosure(steps) }
}

/** One publication (pattern S6). */
export async function loadPublication(disclosureId: string, version: number) {
  return get(publicationItem, sunshineKeys.publication(disclosureId, version))
}

export function publicationWrite(snapshot: Snapshot, sha256: string): Write {
  const { disclosureId, version } = snapshot
  const item = publicationItem.parse({ entity: 'sunshinePublication', v: 1, sha256, snapshot })
  return { put: { ...sunshineKeys.publication(disclosureId, version), ...item }, condition: NOT_EXISTS }
}

export type Named = Pick<
  DisclosureSummary,
  'disclosureId' | 'book' | 'compoundId' | 'compoundName' | 'communityId' | 'keeperId' | 'keeperName' | 'quarter'
>

export function namedOf(item: DisclosureItem): Named {
  const { disclosureId, book, compoundId, compoundName, communityId, keeperId, keeperName, quarter } = item
  return { disclosureId, book, compoundId, compoundName, communityId, keeperId, keeperName, quarter }
}

/** The first step of a disclosure: it holds only if there is none. */
export function beginWrites(named: Named, step: SunshineStep): Write[] {
  return stepWrites(named, undefined, foldDisclosure([step]))
}

/** Adds a step if nobody took another one meanwhile, and tells what is there then; `also` holds or fails with it. */
export async function saveStep(
  { item, disclosure }: Loaded,
  step: SunshineStep,
  dayMs: number,
  also: readonly Write[] = [],
): Promise<Loaded | 'again'> {
  const named = namedOf(item)
  const after = afterStep(disclosure, step)
  const writes = stepWrites(named, disclosure, after)
  const done = await transact([...writes, ...nextQuarterWrites(named, disclosure, step, dayMs), ...also])
  return done.kind === 'done' ? { item: summaryItem(named, after), disclosure: after } : 'again'
}

function nextQuarterWrites(named: Named, disclosure: Disclosure, step: SunshineStep, dayMs: number): Write[] {
  if (!beginsNext(disclosure, step)) return []
  const { book, compoundId } = named
  const quarter = quarterAfter(named.quarter)
  const next = { ...named, quarter, disclosureId: disclosureIdOf({ book, quarter, compoundId }) }
  return beginWrites(next, nextAwaited(disclosure, book, named.quarter, step.at, dayMs))
}

/** Holds only while nobody takes another step there. */
export function unchangedCheck({ item }: Loaded): Write {
  return { check: sunshineKeys.disclosure(item.disclosureId), ...unchanged(item.steps) }
}

const unchanged = (steps: number) => ({
  condition: '#steps = :before',
  expression: { names: { '#steps': 'steps' }, values: { ':before': steps } },
})

/** The step, where the disclosure stands now, where the clock finds it and who has to do something. The first two are the lock. */
function stepWrites(named: Named, before: Disclosure | undefined, after: Disclosure): Write[] {
  const { disclosureId, compoundId, quarter, book } = named
  const number = after.steps.length
  const step = after.steps.at(-1)
  assert(step !== undefined && (before?.steps.length ?? 0) === number - 1, 'one step at a time')
  const stepItem = disclosureStepItem.parse({ entity: 'sunshineStep', v: 1, number, ...step })
  return [
    {
      put: {
        ...sunshineKeys.disclosure(disclosureId),
        ...sunshineIndex.ofCompound(compoundId, quarter, book),
        ...summaryItem(named, after),
      },
      ...(number === 1 ? { condition: NOT_EXISTS } : unchanged(number - 1)),
    },
    { put: { ...sunshineKeys.step(disclosureId, number), ...stepItem }, condition: NOT_EXISTS },
    ...dueWrites(named, before, after),
    ...taskWrites(named, before, after),
    eventWrite(named, after, step),
  ]
}

function eventWrite(
  { disclosureId, book, quarter, compoundId, communityId }: Named,
  after: Disclosure,
  step: SunshineStep,
): Write {
  const number = after.steps.length
  const event = disclosureEventItem.parse({
    ...{ entity: 'event', v: 1, type: 'disclosure.moved.v1', disclosureId, book, quarter, compoundId, communityId },
    ...{ step: number, state: after.state, occurredAt: step.at },
  })
  const id = `${disclosureId}#${String(number).padStart(4, '0')}`
  return { put: { ...sunshineKeys.event(compoundId, shanghaiDay(step.at), id), ...event }, condition: NOT_EXISTS }
}

function summaryItem(named: Named, after: Disclosure): DisclosureItem {
  const [first] = after.publications
  const last = lastPublication(after)
  return disclosureItem.parse({
    ...{ entity: 'sunshineDisclosure', v: 1, ...named, state: after.state, dueAt: after.dueAt },
    ...{ steps: after.steps.length, openObjections: openObjections(after).length, version: last?.version ?? 0 },
    ...{ firstPublishedAt: first?.at, publishedAt: last?.at, displayUntil: last?.displayUntil },
    ...{ correctBy: after.correctBy, openingFen: last?.openingFen, incomeFen: last?.incomeFen },
    ...{ expenseFen: last?.expenseFen, closingFen: last?.closingFen },
  })
}

/** The charity fund's figures are published by the clock, which is a deadline of its own. */
function nextOf({ book, quarter }: Named, disclosure: Disclosure): Instant | undefined {
  const fundAt = book === 'fund' ? fundDueAt(disclosure, quarter) : undefined
  const [deadline] = deadlinesOf(disclosure)
  return [fundAt, deadline?.at].filter((at) => at !== undefined).sort()[0]
}

function dueWrites(named: Named, before: Disclosure | undefined, after: Disclosure): Write[] {
  const was = before && nextOf(named, before)
  const next = nextOf(named, after)
  if (was === next) return []
  const { disclosureId } = named
  const key = sunshineKeys.due(disclosureId)
  if (next === undefined) return [{ delete: key, condition: ALWAYS }]
  const item = disclosureMarkItem.parse({ entity: 'sunshineMark', v: 1, disclosureId })
  return [{ put: { ...key, ...sunshineIndex.due(next, disclosureId), ...item }, condition: ALWAYS }]
}

const CHARITY = 'charity'
export const taskList = {
  ofBody: (bodyId: string) => `body.${bodyId}`,
  ofCharity: CHARITY,
  ofBranch: (communityId: string) => `branch.${communityId}`,
} as const

function taskWrites(named: Named, before: Disclosure | undefined, after: Disclosure): Write[] {
  const { disclosureId, book, compoundId, compoundName, quarter, keeperId, communityId } = named
  return (['keeper', 'branch'] as const).flatMap((who): Write[] => {
    const find = (disclosure: Disclosure | undefined) =>
      disclosure && tasksOf(disclosure, book).find((each) => each.who === who)
    const [was, next] = [find(before), find(after)]
    if (was?.by === next?.by && was?.todo === next?.todo) return []
    const key = sunshineKeys.task(disclosureId, who)
    if (next === undefined) return [{ delete: key, condition: ALWAYS }]
    const { todo, by } = next
    const whose =
      who === 'branch' ? taskList.ofBranch(communityId) : book === 'fund' ? CHARITY : taskList.ofBody(keeperId)
    const item = disclosureTaskItem.parse({
      ...{ entity: 'sunshineTask', v: 1, disclosureId, book, compoundId, compoundName, quarter, todo, by },
    })
    return [{ put: { ...key, ...sunshineIndex.task(whose, by, disclosureId), ...item }, condition: ALWAYS }]
  })
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Disclosures of a compound, newest quarter first (pattern S7). */
export async function disclosuresOf(compoundId: string): Promise<DisclosureItem[]> {
  const { GSI1PK: pk } = sunshineIndex.ofCompound(compoundId, '', '')
  const found = await query(disclosureItem, { pk, index: 'GSI1', newestFirst: true, limit: DISCLOSURES_MAX })
  return found.items
}

/** Disclosures that the clock must act on by now, oldest first (pattern S8). */
export async function pageOfDue(at: Instant, page: { readonly limit: number; readonly cursor: string | undefined }) {
  const { GSI1PK: pk } = sunshineIndex.due('', '')
  // Whatever is due at this very moment is in the range too.
  return query(disclosureMarkItem, { pk, index: 'GSI1', between: ['0', `${at}#~`], ...page })
}

/** What somebody has to do, the first deadline first (pattern S9). */
export function pageOfTasks(who: string, page: { readonly limit: number; readonly cursor: string | undefined }) {
  const { GSI1PK: pk } = sunshineIndex.task(who, '', '')
  return query(disclosureTaskItem, { pk, index: 'GSI1', ...page })
}
