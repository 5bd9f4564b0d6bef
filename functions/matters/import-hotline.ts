import { createHash } from 'node:crypto'
import { hotlineRowSchema, importHotline as route, type HotlineRow } from '#shared/contracts/matters-hotline.ts'
import type { Output } from '#shared/contracts/route.ts'
import { termFrom } from '#shared/domain/matters/decide-act.ts'
import { foldMatter } from '#shared/domain/matters/matter.ts'
import { terms } from '#shared/domain/matters/rules.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { type Caller, requireRole } from '#functions/platform/caller.ts'
import { http } from '#functions/platform/http.ts'
import { issueFields } from '#functions/platform/issue-fields.ts'
import { inParallel } from '#functions/platform/in-parallel.ts'
import { matterMonthItem } from '#functions/platform/table/items/matters.ts'
import { compoundItem, type CompoundItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { matterKeys } from '#functions/platform/table/matter-keys.ts'
import { ALWAYS, batchGet, get, transact } from '#functions/platform/table/table.ts'
import { workClockNow } from '#functions/platform/work-calendar.ts'
import { loadMatter, saveMatterStep } from './matter-store.ts'

type Result = Omit<Output<typeof route>['results'][number], 'row'>
const AT_ONCE = 4
const ATTEMPTS_MAX = 3

export const importHotline = http(
  route,
  async ({ body: { communityId, rows } }, { caller, now }) => {
    requireRole(caller, 'worker', communityId)
    const parsed = rows.map((row) => hotlineRowSchema.safeParse(row))
    const compounds = await compoundsOf(parsed.flatMap(({ data }) => data ?? []))
    const results = new Map<number, Result>()
    await inParallel([...parsed.entries()], AT_ONCE, async ([at, { success, data, error }]) => {
      if (!success) {
        results.set(at, { outcome: 'invalid', fields: issueFields(error.issues) })
        return
      }
      const compound = compounds.get(data.compoundId)
      // Another community's compound does not exist for this one.
      if (compound?.communityId !== communityId) {
        results.set(at, { outcome: 'refused', code: 'UNKNOWN_COMPOUND', fields: { compoundId: '本社区没有这个小区' } })
        return
      }
      results.set(at, data.kind === 'count' ? await keepCount(data) : await raiseTicket(data, compound, caller, now))
    })
    return { results: parsed.map((_, row) => ({ row, ...(results.get(row) ?? { outcome: 'invalid' as const }) })) }
  },
  { freshRoles: true },
)

async function compoundsOf(rows: readonly HotlineRow[]): Promise<Map<string, CompoundItem>> {
  const ids = [...new Set(rows.map(({ compoundId }) => compoundId))]
  const found = await batchGet(
    compoundItem,
    ids.map((compoundId) => keys.place('compound', compoundId)),
  )
  return new Map(found.map((compound) => [compound.compoundId, compound]))
}

/** A matter's id of a ticket's number: the same wherever and whenever it comes in (a UUID of version 8, RFC 9562). */
export function matterIdOfTicket(ticketNumber: string): string {
  const hex = createHash('sha256').update(`xianglai-12345 ${ticketNumber.toUpperCase()}`).digest('hex')
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? '8'
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

type Ticket = Extract<HotlineRow, { kind: 'ticket' }>

async function raiseTicket(ticket: Ticket, compound: CompoundItem, caller: Caller, now: Instant): Promise<Result> {
  const { ticketNumber, compoundId, receivedAt, category, where, text } = ticket
  const matterId = matterIdOfTicket(ticketNumber)
  const step: MatterStep = {
    ...{ at: now, actor: 'worker', personId: caller.personId },
    ...(caller.person === undefined ? {} : { memberId: caller.person.memberId }),
    facts: {
      act: 'raise',
      channel: 'hotline-12345',
      content: { category, where, text, photoIds: [], sharesAddress: false },
      // The hotline knows who called, and this system does not.
      reporter: {},
      ticket: { ticketNumber: ticketNumber.toUpperCase(), receivedAt },
    },
    term: termFrom(now, terms.triage, workClockNow()),
  }
  const { communityId, name: compoundName } = compound
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const earlier = await loadMatter(matterId)
    if (earlier !== undefined) {
      const first = earlier.matter.steps[0]?.facts
      const isSame = earlier.item.compoundId === compoundId && JSON.stringify(first) === JSON.stringify(step.facts)
      return isSame
        ? { outcome: 'unchanged', matterId }
        : { outcome: 'refused', code: 'TICKET_CHANGED', fields: { ticketNumber: '这张工单已经导入，内容和这次不一样' } }
    }
    const places = { matterId, compoundId, compoundName, communityId }
    const saved = await saveMatterStep(places, undefined, foldMatter([step]))
    if (saved.kind === 'saved') return { outcome: 'created', matterId }
  }
  throw new Busy()
}

async function keepCount({ compoundId, month, count }: Extract<HotlineRow, { kind: 'count' }>): Promise<Result> {
  const key = matterKeys.month(compoundId, month)
  const before = (await get(matterMonthItem, key))?.hotlineCount
  if (before === count) return { outcome: 'unchanged' }
  await transact([
    {
      update: key,
      set: 'SET #entity = :entity, #v = :v, #month = :month, #hotlineCount = :count',
      condition: ALWAYS,
      expression: {
        names: { '#entity': 'entity', '#v': 'v', '#month': 'month', '#hotlineCount': 'hotlineCount' },
        values: { ':entity': 'matterMonth', ':v': 1, ':month': month, ':count': count },
      },
    },
  ])
  return { outcome: before === undefined ? 'created' : 'updated' }
}
