import { randomUUID } from 'node:crypto'
import { purposes } from '#shared/contracts/fund.ts'
import {
  approveManualEntry,
  dropManualEntry,
  listManualEntries,
  manualEntryKinds,
  proposeManualEntry,
  type ManualEntryProposal,
} from '#shared/contracts/fund-manual-entries.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { FEN_MAX } from '#shared/kernel/money.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { readInflow } from '#web/lib/server/fund-inflow.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { membershipsOf } from '#web/lib/server/roles.ts'
import { say } from '#web/lib/text/lang.ts'
import { manualEntryWords } from '#web/lib/text/manual-entries.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const SHOWN = 20

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, listed, donors, admins, workers, charity] = await Promise.all([
    publicRead(getCompound, { params: { compoundId } }),
    api(listManualEntries, { params: { compoundId }, query: { cursor, limit: SHOWN } }, { token }),
    donorsOf(compoundId, token),
    membershipsOf(event, 'admin'),
    membershipsOf(event, 'worker'),
    membershipsOf(event, 'charity'),
  ])
  const { items, nextCursor } = dataOrError(listed, event)
  const found = dataOrError(compound, event)
  return {
    compound: found,
    items,
    nextCursor,
    donors,
    // Told from here: the contracts bring their schemas along, which no phone needs.
    purposes,
    mayPropose: admins.length + charity.length > 0,
    // Only they see entries of today; nobody else is shown a link that leads nowhere.
    seesLive: admins.length > 0 || workers.some(({ scopeId }) => scopeId === found.communityId),
    // Parts of the forms: sent twice they propose one.
    ids: manualEntryKinds.map((kind) => ({ kind, id: randomUUID() })),
    today: dayOf(Date.now()),
    now: Date.now(),
  }
}

/** Who sold here this year, or else the year before. */
async function donorsOf(compoundId: string, token: string) {
  for (const day of [undefined, `${Number(dayOf(Date.now()).slice(0, 4)) - 1}-12-31`]) {
    const found = await readInflow(compoundId, { span: 'year', day }, token)
    const donors = found.ok ? found.data.byCoop.map(({ coopId, name }) => ({ coopId, name })) : []
    if (donors.length > 0) return donors
  }
  return []
}

const names = [
  ...(['manualEntryId', 'kind', 'amount', 'direction', 'occurredOn', 'reason', 'voucherNumber'] as const),
  ...(['correctsSeq', 'coopId', 'purpose', 'words'] as const),
] as const
type Typed = Readonly<Record<(typeof names)[number], string>>

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const typed = Object.fromEntries(names.map((name) => [name, String(form.get(name) ?? '').trim()])) as Typed
  const params = { compoundId: event.params.compoundId, manualEntryId: typed.manualEntryId }
  const amountFen = fenFromText(typed.amount)
  const isSum = amountFen !== undefined && amountFen > 0 && amountFen <= FEN_MAX
  return { token, typed, params, amountFen: isSum ? amountFen : undefined }
}

function noAmount(event: RequestEvent, about: string, typed: Typed) {
  const fields = { amountFen: say(manualEntryWords, event.locals.lang).badAmount }
  const problem = { ...{ type: '', title: '', status: 400, code: 'INVALID' }, fields }
  return failed(problem, event.locals.lang, { about, typed })
}

function badSeq(event: RequestEvent, typed: Typed) {
  const fields = { correctsSeq: say(manualEntryWords, event.locals.lang).badSeq }
  const problem = { ...{ type: '', title: '', status: 400, code: 'INVALID' }, fields }
  return failed(problem, event.locals.lang, { about: typed.kind, typed })
}

/** As the API takes it; what is no such thing there, it says by field. */
function proposalOf(typed: Typed, amountFen: number): ManualEntryProposal {
  const { kind, occurredOn, voucherNumber, direction, correctsSeq, coopId } = typed
  const reason = typed.reason.replaceAll(/\s+/g, ' ')
  const common = { amountFen, occurredOn, reason, voucherNumber } as Omit<
    Extract<ManualEntryProposal, { kind: 'opening' }>,
    'kind'
  >
  if (kind === 'correction') {
    const of = correctsSeq === '' ? {} : { correctsSeq: Number(correctsSeq) }
    return { kind, ...common, direction: direction === 'out' ? 'out' : 'in', ...of }
  }
  if (kind !== 'in-kind') return { kind: 'opening', ...common }
  const purpose = purposes.find((each) => each === typed.purpose) ?? 'public-service'
  return { kind, ...common, coopId, purpose }
}

export const actions: Actions = {
  propose: async (event) => {
    const { token, typed, params, amountFen } = await sent(event)
    if (amountFen === undefined) return noAmount(event, typed.kind, typed)
    if (!/^(?:[1-9]\d{0,11})?$/.test(typed.correctsSeq)) return badSeq(event, typed)
    const done = await api(proposeManualEntry, { params, body: proposalOf(typed, amountFen) }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { about: typed.kind, typed })
    return { done: 'proposed' as const }
  },
  approve: async (event) => {
    const { token, typed, params, amountFen } = await sent(event)
    if (amountFen === undefined) return noAmount(event, typed.manualEntryId, typed)
    const done = await api(approveManualEntry, { params, body: { amountFen } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { about: typed.manualEntryId, typed })
    return { done: 'posted' as const }
  },
  drop: async (event) => {
    const { token, typed, params } = await sent(event)
    const done = await api(dropManualEntry, { params, body: { words: typed.words } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { about: `drop-${typed.manualEntryId}`, typed })
    return { done: 'dropped' as const }
  },
}
