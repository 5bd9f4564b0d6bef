import { bodyDeltas, monthDeltas } from '#shared/domain/matters/figures.ts'
import { nextOfMatter } from '#shared/domain/matters/decide-system.ts'
import { foldMatter, type Matter } from '#shared/domain/matters/matter.ts'
import { isPublicNow } from '#shared/domain/matters/possible-acts.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import { matterHasEnded } from '#shared/domain/matters/transitions.ts'
import { assert } from '#shared/kernel/assert.ts'
import { shanghaiDay, type Instant } from '#shared/kernel/time.ts'
import {
  matterEventItem,
  matterFollowersItem,
  matterItem,
  matterMarkItem,
  matterPartitionItem,
  matterStepItem,
  type MatterItem,
} from '#functions/platform/table/items/matters.ts'
import type { IndexKey, Key } from '#functions/platform/table/keys.ts'
import { dueShard, matterIndex, matterKeys } from '#functions/platform/table/matter-keys.ts'
import {
  ALWAYS,
  batchGet,
  NOT_EXISTS,
  query,
  queryAll,
  transact,
  type Page,
  type Write,
} from '#functions/platform/table/table.ts'
import { sumWrites } from './sums.ts'

/** Steps, those of the clock beyond their limit, and what says where it stands. */
const PARTITION_MAX = 400

export type MatterPlaces = Pick<MatterItem, 'matterId' | 'compoundId' | 'compoundName' | 'communityId'>
export type LoadedMatter = { readonly item: MatterItem; readonly matter: Matter; readonly followers: number }

/** A matter with all its steps, read consistently (pattern M1). */
export async function loadMatter(matterId: string): Promise<LoadedMatter | undefined> {
  const items = await queryAll(matterPartitionItem, { pk: matterKeys.matter(matterId).PK, max: PARTITION_MAX })
  const item = items.find((each) => each.entity === 'matter')
  if (item === undefined) return undefined
  const steps = items
    .filter((each) => each.entity === 'matterStep')
    .sort((left, right) => left.number - right.number)
    .map(({ entity: _entity, v: _v, number: _number, ...step }) => step as MatterStep)
  assert(steps.length === item.steps, 'a matter has all its steps')
  const followers = items.find((each) => each.entity === 'matterFollowers')?.count ?? 0
  return { item, matter: foldMatter(steps), followers }
}

/** Where a list finds a matter, while it does. */
type Mark = { readonly key: Key; readonly index?: IndexKey }

/** Sorts after every deadline. */
const NO_DEADLINE = '9999-12-31T00:00:00.000Z'

function marksOf({ matterId, compoundId, communityId }: MatterPlaces, matter: Matter): Mark[] {
  const { state, raisedAt, clock, lead, helpers, proposalId } = matter
  const dueAt = clock?.until ?? NO_DEADLINE
  const next = nextOfMatter(matter)
  const bodies = ['assigned', 'disputed', 'handling'].includes(state) ? [lead, ...helpers] : []
  return [
    ...(isPublicNow(matter)
      ? [{ key: matterKeys.public(matterId), index: matterIndex.public(compoundId, raisedAt, matterId) }]
      : []),
    ...(isPublicNow(matter) && proposalId !== undefined
      ? [
          {
            key: matterKeys.ofProposal(matterId),
            index: matterIndex.ofProposal(proposalId, raisedAt, matterId),
          },
        ]
      : []),
    ...(state === 'proposed' && proposalId !== undefined ? [{ key: matterKeys.linked(proposalId, matterId) }] : []),
    ...(matterHasEnded(state)
      ? []
      : [{ key: matterKeys.open(matterId), index: matterIndex.open(communityId, dueAt, matterId) }]),
    ...(next === undefined
      ? []
      : [{ key: matterKeys.due(matterId), index: matterIndex.due(dueShard(matterId), next.at, matterId) }]),
    ...bodies.flatMap((body) =>
      body === undefined
        ? []
        : [{ key: matterKeys.atBody(matterId, body.bodyId), index: matterIndex.atBody(body.bodyId, dueAt, matterId) }],
    ),
  ]
}

/** Only marks that changed are written. */
function markWrites(places: MatterPlaces, before: Matter | undefined, matter: Matter): Write[] {
  const nameOf = ({ key: { PK, SK } }: Mark) => `${PK}\n${SK}`
  const had = new Map((before === undefined ? [] : marksOf(places, before)).map((mark) => [nameOf(mark), mark]))
  const has = new Map(marksOf(places, matter).map((mark) => [nameOf(mark), mark]))
  const item = matterMarkItem.parse({ entity: 'matterMark', v: 1, matterId: places.matterId })
  const puts = [...has.values()].filter((mark) => {
    const was = had.get(nameOf(mark))
    return was === undefined || was.index?.GSI1PK !== mark.index?.GSI1PK || was.index?.GSI1SK !== mark.index?.GSI1SK
  })
  const gone = [...had.values()].filter((mark) => !has.has(nameOf(mark)))
  return [
    ...puts.map(({ key, index }): Write => ({ put: { ...key, ...index, ...item }, condition: ALWAYS })),
    ...gone.map(({ key }): Write => ({ delete: key, condition: ALWAYS })),
  ]
}

/**
 * Writes of a matter's newest step: the step, where it stands now, where lists find it, its sums, its event. They hold only if
 * nobody took another step since it was read: the first two are the lock.
 */
export function matterStepWrites(places: MatterPlaces, before: Matter | undefined, matter: Matter): Write[] {
  const { matterId, compoundId, communityId } = places
  const number = matter.steps.length
  const step = matter.steps.at(-1)
  assert(step !== undefined && (before?.steps.length ?? 0) === number - 1, 'one step at a time')
  const stepItem = matterStepItem.parse({ entity: 'matterStep', v: 1, number, ...step })
  const event = matterEventItem.parse({
    ...{ entity: 'event', v: 1, type: 'matter.moved.v1', matterId, compoundId, communityId },
    ...{ step: number, state: matter.state, occurredAt: step.at },
  })
  const eventId = `${matterId}#${String(number).padStart(4, '0')}`
  return [
    {
      put: { ...matterKeys.matter(matterId), ...itemOf(places, matter) },
      condition: number === 1 ? NOT_EXISTS : '#steps = :before',
      ...(number === 1 ? {} : { expression: { names: { '#steps': 'steps' }, values: { ':before': number - 1 } } }),
    },
    { put: { ...matterKeys.step(matterId, number), ...stepItem }, condition: NOT_EXISTS },
    ...markWrites(places, before, matter),
    ...sumWrites(compoundId, monthDeltas(matter, step), bodyDeltas(before, matter, step)),
    {
      put: { ...matterKeys.event(compoundId, shanghaiDay(step.at), eventId), ...event },
      condition: NOT_EXISTS,
    },
  ]
}

const UNPUBLISHED_TITLE_MAX = 20

function itemOf(places: MatterPlaces, matter: Matter): MatterItem {
  const { matterId, compoundId, compoundName, communityId } = places
  const { state, content, published, kind, raisedAt, clock, lead, extension, escalated, reopened, rateUntil } = matter
  const firstLine = content.text.split('\n')[0] ?? ''
  return matterItem.parse({
    ...{ entity: 'matter', v: 1, matterId, compoundId, compoundName, communityId },
    ...{ steps: matter.steps.length, state, category: content.category },
    ...(kind === undefined ? {} : { kind }),
    title: published?.title ?? [...firstLine].slice(0, UNPUBLISHED_TITLE_MAX).join(''),
    where: published?.where ?? content.where,
    raisedAt,
    ...(clock === undefined ? {} : { dueAt: clock.until }),
    ...(lead === undefined ? {} : { lead }),
    ...{ isPublic: isPublicNow(matter), escalated, reopened },
    ...{ extended: extension?.decided === 'allowed', extensionAsked: extension?.decided === 'asked' },
    isOpen: !matterHasEnded(state),
    ...(state === 'verified' && rateUntil !== undefined ? { takesUntil: rateUntil } : {}),
  })
}

/** `saved` with the matter as it is by then, so that nobody has to read what they have just written. */
export type Saved =
  | { readonly kind: 'saved'; readonly loaded: LoadedMatter }
  /** Somebody took another step meanwhile. */
  | { readonly kind: 'again' }
  /** What was to hold with it did not. */
  | { readonly kind: 'also' }

/** Adds a step if nobody took another one meanwhile; `also` holds or fails with it. `before`: absent for its first step. */
export async function saveMatterStep(
  places: MatterPlaces,
  before: Pick<LoadedMatter, 'matter' | 'followers'> | undefined,
  matter: Matter,
  also: readonly Write[] = [],
): Promise<Saved> {
  const writes = matterStepWrites(places, before?.matter, matter)
  const done = await transact([...writes, ...also])
  if (done.kind === 'done')
    return { kind: 'saved', loaded: { item: itemOf(places, matter), matter, followers: before?.followers ?? 0 } }
  return { kind: done.failed.every(({ position }) => position >= writes.length) ? 'also' : 'again' }
}

/** Whose matter it is: found by them (pattern M6). A household's is one that a worker filed for it. */
export function reporterWrite(matterId: string, whose: string | undefined, raisedAt: Instant): Write[] {
  if (whose === undefined) return []
  const item = matterMarkItem.parse({ entity: 'matterMark', v: 1, matterId })
  return [
    {
      put: { ...matterKeys.reporter(matterId), ...matterIndex.of(whose, raisedAt, matterId), ...item },
      condition: NOT_EXISTS,
    },
  ]
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Listed = { readonly item: MatterItem; readonly followers: number }

type Asked = { readonly limit: number; readonly cursor: string | undefined; readonly newestFirst?: boolean }

/** A page of marks of one list, and the matters that they are of, in the list's order. */
async function pageOfMarks(pk: string, asked: Asked): Promise<{ items: Listed[]; nextCursor?: string }> {
  const page = await query(matterMarkItem, { pk, index: 'GSI1', ...asked })
  return { ...page, items: await listed(page.items.map(({ matterId }) => matterId)) }
}

export async function listed(matterIds: readonly string[]): Promise<Listed[]> {
  const [items, counts] = await Promise.all([itemsOf(matterIds), followersOf(matterIds)])
  return withCounts(items, counts)
}

/** In the order in which they are asked for. */
async function itemsOf(matterIds: readonly string[]): Promise<MatterItem[]> {
  const items = await batchGet(
    matterItem,
    matterIds.map((matterId) => matterKeys.matter(matterId)),
  )
  const byId = new Map(items.map((item) => [item.matterId, item]))
  return matterIds.flatMap((matterId) => byId.get(matterId) ?? [])
}

function withCounts(items: readonly MatterItem[], counts: ReadonlyMap<string, number>): Listed[] {
  return items.map((item) => ({ item, followers: counts.get(item.matterId) ?? 0 }))
}

async function followersOf(matterIds: readonly string[]): Promise<Map<string, number>> {
  const found = await batchGet(
    matterFollowersItem,
    matterIds.map((matterId) => matterKeys.followers(matterId)),
  )
  return new Map(found.map(({ matterId, count }) => [matterId, count]))
}

/** Newest first (pattern M2). */
export function pageOfPublic(compoundId: string, limit: number, cursor: string | undefined) {
  return pageOfMarks(matterIndex.public(compoundId, '', '').GSI1PK, { limit, cursor, newestFirst: true })
}

/** Newest first (pattern M10). */
export function pageOfProposal(proposalId: string, limit: number, cursor: string | undefined) {
  return pageOfMarks(matterIndex.ofProposal(proposalId, '', '').GSI1PK, { limit, cursor, newestFirst: true })
}

/** The next deadline first (pattern M3). */
export function pageOfOpen(communityId: string, limit: number, cursor: string | undefined) {
  return pageOfMarks(matterIndex.open(communityId, '', '').GSI1PK, { limit, cursor })
}

/** How many times a page is read on for those of some compounds: a community has some hundred that wait, at most. */
const READS_MAX = 10

/** Those of some compounds (pattern M3), found among all of the community; `nextCursor` says that not all have been looked at. */
export async function pageOfOpenIn(
  communityId: string,
  compoundIds: ReadonlySet<string>,
  limit: number,
  from: string | undefined,
): Promise<Page<Listed>> {
  const { GSI1PK: pk } = matterIndex.open(communityId, '', '')
  const found: MatterItem[] = []
  let cursor = from
  // Never more are read than there is room for: where the page ends is where the next one begins.
  for (let read = 0; read < READS_MAX && found.length < limit; read++) {
    const page = await query(matterMarkItem, { pk, index: 'GSI1', limit: limit - found.length, cursor })
    const items = await itemsOf(page.items.map(({ matterId }) => matterId))
    found.push(...items.filter(({ compoundId }) => compoundIds.has(compoundId)))
    cursor = page.nextCursor
    if (cursor === undefined) break
  }
  const items = withCounts(found, await followersOf(found.map(({ matterId }) => matterId)))
  return { items, ...(cursor === undefined ? {} : { nextCursor: cursor }) }
}

/** The next deadline first (pattern M4). */
export function pageOfBody(bodyId: string, limit: number, cursor: string | undefined) {
  return pageOfMarks(matterIndex.atBody(bodyId, '', '').GSI1PK, { limit, cursor })
}

/** Newest first (pattern M6). */
export function pageOf(whose: string, limit: number, cursor: string | undefined) {
  return pageOfMarks(matterIndex.of(whose, '', '').GSI1PK, { limit, cursor, newestFirst: true })
}

/** All that go on as a proposal, public or not, read consistently (pattern M11). */
export async function pageOfLinked(proposalId: string, limit: number, cursor?: string) {
  const { PK: pk } = matterKeys.linked(proposalId, '')
  return query(matterMarkItem, { pk, limit, cursor })
}

/** What the clock must act on by now, longest due first (pattern M5). */
export async function pageOfDue(shard: number, now: Instant, cursor: string | undefined) {
  const { GSI1PK: pk } = matterIndex.due(shard, '', '')
  return query(matterMarkItem, { pk, index: 'GSI1', between: ['0', `${now}#~`], limit: 25, cursor })
}
