import { error, type RequestEvent } from '@sveltejs/kit'
import { accounts, entryKinds, getFund, listEntries, type Account, type EntryKind } from '#shared/contracts/fund.ts'
import { sumFundInflow } from '#shared/contracts/fund-inflow.ts'
import { traceSale } from '#shared/contracts/fund-projects.ts'
import { getProposal } from '#shared/contracts/governance.ts'
import { getManualEntryReason, isManualEntryKind } from '#shared/contracts/fund-manual-entries.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import type { EntriesShown, EntryShown, SpentShown } from '../funds/entries.ts'
import { fenFromText } from '../format/money.ts'
import { publicPhotosOf } from '../projects/photos.ts'
import { fundInflowWords } from '../text/fund-inflow.ts'
import { say } from '../text/lang.ts'
import { api, type Answer, type Input } from './api.ts'
import { readInflow } from './fund-inflow.ts'
import { rowsOf, type Fund } from './fund-page.ts'
import { dataOrError } from './problems.ts'
import { publicRead } from './public-reads.ts'

type Event = Pick<RequestEvent, 'url' | 'locals'> & { readonly params: { readonly compoundId: string } }
type Entry = Extract<Awaited<Answer<typeof listEntries>>, { ok: true }>['data']['items'][number]
type Filter = NonNullable<Input<typeof listEntries>['query']>

const PAGE = 30
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** What the form sent: as it was typed, as the API takes it, and what is wrong with it by field. */
function readFilter(query: URLSearchParams, words: ReturnType<typeof say<typeof fundInflowWords>>) {
  const typed = Object.fromEntries(
    [
      'fromDay',
      'toDay',
      'kind',
      'account',
      'villageId',
      'coopId',
      'groupBuyId',
      'channel',
      'saleId',
      'agreement',
      'min',
      'max',
      'seq',
    ].map((name) => [name, (query.get(name) ?? '').trim().slice(0, 80)]),
  )
  const text = (name: string) => typed[name] || undefined
  const one = <Word extends string>(all: readonly Word[], name: string) => all.find((each) => each === typed[name])
  const day = (name: string) =>
    DAY.test(typed[name] ?? '') && !Number.isNaN(Date.parse(typed[name] ?? '')) ? typed[name] : undefined
  const errors: Record<string, string> = {}
  const fen = (name: string) => {
    const given = text(name)
    const found = given === undefined ? undefined : fenFromText(given)
    if (given !== undefined && found === undefined) errors[name] = words.badYuan
    return found
  }
  const filter = {
    fromDay: day('fromDay'),
    toDay: day('toDay'),
    kind: one<EntryKind>(entryKinds, 'kind'),
    account: one<Account>(accounts, 'account'),
    villageId: text('villageId'),
    coopId: text('coopId'),
    groupBuyId: text('groupBuyId'),
    saleId: text('saleId'),
    agreement: one(['none'] as const, 'agreement'),
    channel: one(['group-buy', 'fair'] as const, 'channel'),
    minFen: fen('min'),
    maxFen: fen('max'),
    seq: /^[1-9]\d{0,11}$/.test(typed['seq'] ?? '') ? Number(typed['seq']) : undefined,
  } satisfies Filter
  if (text('seq') !== undefined && filter.seq === undefined) errors['seq'] = words.badSeq
  if (filter.fromDay !== undefined && filter.toDay !== undefined && filter.toDay < filter.fromDay) {
    errors['toDay'] = words.badDays
  }
  if (filter.minFen !== undefined && filter.maxFen !== undefined && filter.maxFen < filter.minFen) {
    errors['max'] = words.badMax
  }
  return { typed, filter, errors }
}

/** Entries by what the address asks for, with what they add up to wherever the kept days can tell. */
export async function fundEntriesOf(event: Event, token: string | undefined): Promise<EntriesShown> {
  const { compoundId } = event.params
  const { typed, filter, errors } = readFilter(event.url.searchParams, say(fundInflowWords, event.locals.lang))
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const isRight = Object.keys(errors).length === 0
  const [fundAnswer, found, sums] = await Promise.all([
    readFund(compoundId, token),
    isRight ? readEntries(compoundId, { ...filter, cursor, limit: PAGE }, token) : undefined,
    isRight ? readSums(compoundId, filter, token) : undefined,
  ])
  const fund = dataOrError(fundAnswer, event)
  const { items, nextCursor } = found === undefined ? { items: [], nextCursor: undefined } : dataOrError(found, event)
  const names = await readNames(fund, items[0], token)
  return {
    fund,
    ...{ typed, errors, nextCursor, names },
    isFirst: cursor === undefined,
    entries: rowsOf({ ...fund, byVillage: names.villages, byCoop: names.coops }, items),
    sums: sums?.ok === true ? sums.data.sums : undefined,
    account: filter.account,
    accountFen: accountFenOf(items, filter.account),
  }
}

type EntryEvent = Event & { readonly params: { readonly compoundId: string; readonly seq: string } }

/** One entry; there is no page for one that the caller may not see. */
export async function entryOf(event: EntryEvent, token: string | undefined): Promise<Entry> {
  const { compoundId, seq: text } = event.params
  const seq = /^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined
  if (seq === undefined) error(404)
  const entry = dataOrError(await readEntries(compoundId, { seq, limit: 1 }, token), event).items[0]
  if (entry?.seq !== seq) error(404)
  return entry
}

/** One entry with its sale's other entries. */
export async function fundEntryOf(event: EntryEvent, token: string | undefined): Promise<EntryShown> {
  const { compoundId } = event.params
  const [fundAnswer, entry] = await Promise.all([readFund(compoundId, token), entryOf(event, token)])
  const fund = dataOrError(fundAnswer, event)
  const [names, ofSale, reason, spent] = await Promise.all([
    readNames(fund, entry, token),
    entry.saleId === undefined ? undefined : readEntries(compoundId, { saleId: entry.saleId, limit: 100 }, token),
    isManualEntryKind(entry.kind) ? readReason(compoundId, entry.seq, token) : undefined,
    entry.saleId === undefined ? undefined : readSpent(compoundId, entry.saleId, token),
  ])
  const named = { ...fund, byVillage: names.villages, byCoop: names.coops }
  const others = ofSale?.ok === true ? ofSale.data.items.filter((each) => each.seq !== entry.seq) : []
  return {
    fund,
    entry,
    row: rowsOf(named, [entry])[0],
    others: rowsOf(named, others),
    villageName: names.villages.find(({ villageId }) => villageId === entry.villageId)?.name ?? entry.villageId,
    coopName: names.coops.find(({ coopId }) => coopId === entry.coopId)?.name ?? entry.coopId,
    groupBuyTitle: names.groupBuys.find(({ groupBuyId }) => groupBuyId === entry.groupBuyId)?.title ?? entry.groupBuyId,
    reason: reason?.ok === true ? reason.data : undefined,
    spent,
  }
}

/** Projects that one gift went to; more than a few are told by their sum alone. */
const PARTS_SHOWN = 5

/** Of each of them: the others are on the project's own page. */
const PHOTOS_SHOWN = 3

/** What the sale's gift was spent on, with the projects' names and how they were rated. */
async function readSpent(
  compoundId: string,
  saleId: string,
  token: string | undefined,
): Promise<SpentShown | undefined> {
  const traced = await api(traceSale, { params: { compoundId, saleId } }, { token })
  if (!traced.ok) return undefined
  const { broughtFen, parts, correctedFen, unspentFen } = traced.data
  // A project that is paid in milestones may have more than one part of it: told as one.
  const byProject = new Map<string, number>()
  for (const { proposalId, amountFen } of parts) byProject.set(proposalId, (byProject.get(proposalId) ?? 0) + amountFen)
  const shown = await Promise.all(
    [...byProject].slice(0, PARTS_SHOWN).map(async ([proposalId, amountFen]) => {
      const found = await api(getProposal, { params: { proposalId } }, { token })
      return found.ok
        ? {
            ...{ proposalId, amountFen, title: found.data.title, counts: found.data.rating?.counts },
            photoIds: publicPhotosOf(found.data).slice(0, PHOTOS_SHOWN),
          }
        : undefined
    }),
  )
  return { broughtFen, parts: shown.filter((part) => part !== undefined), correctedFen, unspentFen }
}

function readReason(compoundId: string, seq: number, token: string | undefined) {
  const input = { params: { compoundId, seq } }
  return token === undefined ? publicRead(getManualEntryReason, input) : api(getManualEntryReason, input, { token })
}

function readFund(compoundId: string, token: string | undefined) {
  const input = { params: { compoundId } }
  return token === undefined ? publicRead(getFund, input) : api(getFund, input, { token })
}

function readEntries(compoundId: string, query: Filter, token: string | undefined) {
  const input = { params: { compoundId }, query }
  return token === undefined ? publicRead(listEntries, input) : api(listEntries, input, { token })
}

/** Undefined where the kept days cannot tell: they know places and channels, neither kinds nor single sums. */
async function readSums(compoundId: string, filter: Filter, token: string | undefined) {
  const { fromDay, toDay, villageId, coopId, groupBuyId, channel, ...others } = filter
  if (fromDay === undefined || toDay === undefined) return undefined
  if (Object.values(others).some((wish) => wish !== undefined)) return undefined
  const input = { params: { compoundId }, query: { fromDay, toDay, villageId, coopId, groupBuyId, channel } }
  return token === undefined ? publicRead(sumFundInflow, input) : api(sumFundInflow, input, { token })
}

/** Names of everybody who sent something in the entry's year or the one before. */
async function readNames(fund: Fund, entry: Entry | undefined, token: string | undefined) {
  const day = entry === undefined ? fund.asOfDay : shanghaiDay(entry.postedAt)
  const found = await readInflow(fund.fundId, { span: 'year', day: day < fund.asOfDay ? day : fund.asOfDay }, token)
  return found.ok
    ? { villages: found.data.byVillage, coops: found.data.byCoop, groupBuys: found.data.byGroupBuy }
    : { villages: [], coops: [], groupBuys: [] }
}

function accountFenOf(items: readonly Entry[], account: Account | undefined): Readonly<Record<number, number>> {
  if (account === undefined) return {}
  return Object.fromEntries(
    items.map(({ seq, postings }) => [seq, postings.find((each) => each.account === account)?.deltaFen ?? 0]),
  )
}
