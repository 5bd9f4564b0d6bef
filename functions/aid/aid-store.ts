import { type AidCase, foldAid, hasWords } from '#shared/domain/aid/aid-case.ts'
import { AID_STEPS_MAX } from '#shared/domain/aid/rules.ts'
import type { AidStep } from '#shared/domain/aid/steps.ts'
import { holdsSlip } from '#shared/domain/governance/aid-slip.ts'
import { assert } from '#shared/kernel/assert.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { loadProposal } from '#functions/platform/proposal-record.ts'
import { aidKeys } from '#functions/platform/table/aid-keys.ts'
import { aidSlipKeys } from '#functions/platform/table/aid-slip-keys.ts'
import { secondsOf } from '#functions/platform/table/expiry.ts'
import {
  aidCaseItem,
  type AidCaseItem,
  aidMarkItem,
  aidPartitionItem,
  aidStepItem,
  aidToDoItem,
  aidWordsItem,
  type AidWordsItem,
} from '#functions/platform/table/items/aid.ts'
import { aidSlipItem, type AidSlipItem } from '#functions/platform/table/items/aid-slips.ts'
import {
  ALWAYS,
  get,
  NOT_EXISTS,
  type Page,
  query,
  queryAll,
  transact,
  type Write,
} from '#functions/platform/table/table.ts'

/** The table of its own; a slip alone leaves it. */
const at = { table: 'AID_TABLE' } as const
/** Its steps, withdrawing beyond their limit, and the two that say where it stands and what was written. */
const PARTITION_MAX = AID_STEPS_MAX + 10
const OF_ONE_MAX = 20

export type LoadedAid = {
  readonly item: AidCaseItem
  readonly aid: AidCase
  /** Absent once it is deleted, or its time is over. */
  readonly words: Words | undefined
}
export type Words = Omit<AidWordsItem, 'entity' | 'v' | 'caseId' | 'expiresAtSeconds'>
export type Places = Pick<AidCaseItem, 'caseId' | 'compoundId' | 'compoundName' | 'communityId' | 'householdId'>

/** A case with all its steps, read consistently (pattern A1). */
export async function loadAid(caseId: string, now: Instant): Promise<LoadedAid | undefined> {
  const items = await queryAll(aidPartitionItem, { ...at, pk: aidKeys.case(caseId).PK, max: PARTITION_MAX })
  const item = items.find((each) => each.entity === 'aidCase')
  if (item === undefined || item.expiresAtSeconds <= secondsOf(now)) return undefined
  const steps = items
    .filter((each) => each.entity === 'aidStep')
    .sort((left, right) => left.number - right.number)
    .map(({ entity: _entity, v: _v, number: _number, expiresAtSeconds: _until, ...step }) => step as AidStep)
  assert(steps.length === item.steps, 'a case has all its steps')
  const aid = foldAid(item.householdId, steps)
  const written = items.find((each) => each.entity === 'aidWords')
  return { item, aid, words: written === undefined || !hasWords(aid, now) ? undefined : wordsOf(written) }
}

function wordsOf({ entity: _entity, v: _v, caseId: _caseId, expiresAtSeconds: _until, ...words }: AidWordsItem): Words {
  return words
}

/** The case of a household that came last (pattern A2). */
export async function latestOf(householdId: string, now: Instant): Promise<LoadedAid | undefined> {
  const mark = await get(aidMarkItem, aidKeys.latest(householdId), at)
  return mark && loadAid(mark.caseId, now)
}

/**
 * The first step, with what was written. It holds only if there is no such case, and the household's latest one is still the one
 * that was looked at.
 */
export async function saveRaised(
  places: Places,
  step: AidStep,
  words: Words,
  latest: string | undefined,
): Promise<'saved' | 'again'> {
  const { caseId, householdId } = places
  const aid = foldAid(householdId, [step])
  const mark = aidMarkItem.parse({ entity: 'aidMark', v: 1, caseId, expiresAtSeconds: secondsOf(aid.recordUntil) })
  // Of who asked themselves it is theirs alone; of what a worker wrote down it is the household's.
  const whose = step.part === 'applicant' ? step.personId : householdId
  const done = await transact([
    ...stepWrites(places, aid),
    wordsWrite(caseId, aid, words),
    {
      put: { ...aidKeys.latest(householdId), ...mark },
      ...(latest === undefined
        ? { condition: NOT_EXISTS }
        : {
            condition: '#case = :latest',
            expression: { names: { '#case': 'caseId' }, values: { ':latest': latest } },
          }),
      at,
    },
    { put: { ...aidKeys.ofWhom(whose, aid.raisedAt, caseId), ...mark }, condition: NOT_EXISTS, at },
  ])
  return done.kind === 'done' ? 'saved' : 'again'
}

/**
 * Adds a step if nobody took another one meanwhile, and tells what is there then; `beside` holds or fails with it. `words` as
 * they are after it.
 */
export async function saveStep(
  { item }: LoadedAid,
  aid: AidCase,
  words: Words | undefined,
  beside: readonly Write[],
): Promise<LoadedAid | 'again'> {
  const done = await transact([...stepWrites(item, aid), wordsWrite(item.caseId, aid, words), ...beside])
  if (done.kind !== 'done') return 'again'
  const left = aid.state === 'withdrawn' ? undefined : words
  return { item: { ...item, state: aid.state, steps: aid.steps.length }, aid, words: left }
}

/** With every step what was written is kept until the new time, or deleted. */
function wordsWrite(caseId: string, aid: AidCase, words: Words | undefined): Write {
  if (words === undefined || aid.state === 'withdrawn') return { delete: aidKeys.words(caseId), condition: ALWAYS, at }
  const expiresAtSeconds = secondsOf(aid.wordsUntil)
  const item = aidWordsItem.parse({ entity: 'aidWords', v: 1, caseId, ...words, expiresAtSeconds })
  return { put: { ...aidKeys.words(caseId), ...item }, condition: ALWAYS, at }
}

function stepWrites(places: Places, aid: AidCase): Write[] {
  const { caseId, compoundId, compoundName, communityId, householdId } = places
  const number = aid.steps.length
  const step = aid.steps.at(-1)
  assert(step !== undefined, 'a case has a step')
  const { state, raisedAt } = aid
  const expiresAtSeconds = secondsOf(aid.recordUntil)
  const item = aidCaseItem.parse({
    ...{ entity: 'aidCase', v: 1, caseId, compoundId, compoundName, communityId, householdId },
    ...{ steps: number, state, raisedAt, expiresAtSeconds },
  })
  const stepItem = aidStepItem.parse({ entity: 'aidStep', v: 1, number, ...step, expiresAtSeconds })
  const toDo = aidKeys.toDo(communityId, raisedAt, caseId)
  const waits = aidToDoItem.parse({
    ...{ entity: 'aidToDo', v: 1, caseId, compoundId, compoundName, communityId, state, raisedAt },
    expiresAtSeconds: secondsOf(aid.wordsUntil),
  })
  return [
    {
      put: { ...aidKeys.case(caseId), ...item },
      condition: number === 1 ? NOT_EXISTS : '#steps = :before',
      ...(number === 1 ? {} : { expression: { names: { '#steps': 'steps' }, values: { ':before': number - 1 } } }),
      at,
    },
    { put: { ...aidKeys.step(caseId, number), ...stepItem }, condition: NOT_EXISTS, at },
    state === 'refused' || state === 'withdrawn'
      ? { delete: toDo, condition: ALWAYS, at }
      : { put: { ...toDo, ...waits }, condition: ALWAYS, at },
  ]
}

// ── Slips ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The slip of a case, and whether a project holds it that has not ended unpaid. */
export async function slipOf({ item, aid }: LoadedAid): Promise<{ slip: AidSlipItem; isHeld: boolean } | undefined> {
  const { approved } = aid
  const slip = approved && (await get(aidSlipItem, aidSlipKeys.slip(item.compoundId, approved.on, approved.slipId)))
  if (slip === undefined) return undefined
  const project = slip.proposalId === undefined ? undefined : await loadProposal(slip.proposalId)
  return { slip, isHeld: project !== undefined && holdsSlip(project.item.state) }
}

/** What this step does to the slip: approved it is made, withdrawn it goes, unless a project has it. */
export function slipWrites({ item, aid: before }: LoadedAid, after: AidCase, was: AidSlipItem | undefined): Write[] {
  const { compoundId } = item
  const { approved } = after
  if (approved === undefined) return []
  const key = aidSlipKeys.slip(compoundId, approved.on, approved.slipId)
  if (before.approved === undefined) {
    const { slipId, amountFen, on: approvedOn } = approved
    const slip = aidSlipItem.parse({ entity: 'aidSlip', v: 1, slipId, compoundId, amountFen, approvedOn })
    return [{ put: { ...key, ...slip }, condition: NOT_EXISTS }]
  }
  if (after.state !== 'withdrawn' || after.slipUsed === true) return []
  // As it was looked at: no project has taken it meanwhile.
  const holder = was?.proposalId
  if (holder === undefined) return [{ delete: key, condition: 'attribute_not_exists(proposalId)' }]
  return [{ delete: key, condition: 'proposalId = :holder', expression: { values: { ':holder': holder } } }]
}

type Asked = { readonly limit: number; readonly cursor: string | undefined }

export function pageOfSlips(compoundId: string, asked: Asked): Promise<Page<AidSlipItem>> {
  return query(aidSlipItem, { pk: aidSlipKeys.slip(compoundId, '', '').PK, newestFirst: true, ...asked })
}

// ── Lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Cases of a person, or written down for their household, newest first (pattern A3). */
export async function casesOf(whose: readonly string[], now: Instant): Promise<LoadedAid[]> {
  const pages = await Promise.all(
    whose.map((each) =>
      query(aidMarkItem, { ...at, pk: aidKeys.ofWhom(each, '', '').PK, newestFirst: true, limit: OF_ONE_MAX }),
    ),
  )
  const ids = [...new Set(pages.flatMap(({ items }) => items.map(({ caseId }) => caseId)))].slice(0, OF_ONE_MAX)
  const loaded = await Promise.all(ids.map((caseId) => loadAid(caseId, now)))
  return loaded
    .filter((each) => each !== undefined)
    .sort((left, right) => (left.aid.raisedAt < right.aid.raisedAt ? 1 : -1))
}

/** Cases of a community that wait for somebody, oldest first (pattern A4). */
export async function pageToDo(communityId: string, now: Instant, asked: Asked) {
  const page = await query(aidToDoItem, { ...at, pk: aidKeys.toDo(communityId, '', '').PK, ...asked })
  return { ...page, items: page.items.filter(({ expiresAtSeconds }) => expiresAtSeconds > secondsOf(now)) }
}
