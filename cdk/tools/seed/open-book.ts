import { publishAccounts } from '#shared/contracts/sunshine.ts'
import { type BookCategory, openBook, recordEntry } from '#shared/contracts/sunshine-book.ts'
import type { Output } from '#shared/contracts/route.ts'
import { disclosureIdOf } from '#shared/domain/sunshine/disclosure-id.ts'
import { monthsOf, quarterBefore, quarterOf, type Quarter } from '#shared/kernel/quarters.ts'
import { shanghaiDay } from '#shared/kernel/time.ts'
import { seedApi, type SeedApi } from './api.ts'
import type { LoadOptions } from './load.ts'

/** Category, month of the quarter, day, yuan, words, voucher. Invented, and of a size that a compound of this kind has. */
const money: readonly (readonly [BookCategory, number, string, number, string, string])[] = [
  ['parking', 0, '28', 4_320, '地面车位月租 36 个（示例）', '收-01'],
  ['repair', 1, '12', 1_860, '三号楼单元门锁更换（示例）', '付-01'],
  ['advertising', 1, '20', 3_000, '电梯轿厢广告半年款（示例）', '收-02'],
  ['management', 2, '10', 760, '车位划线与标牌（示例）', '付-02'],
  ['tax', 2, '15', 219, '场地出租税费（示例）', '付-03'],
]
const OPENING_FEN = 1_863_500

/**
 * The owners' common revenue of the first compound: a quarter that is published, and one that is over and waits for it. Each
 * request names itself, so that a load that was cut off and begun again makes no entry twice.
 */
export async function openSeedBook({
  apiUrl,
  token,
  seed,
  now,
}: Pick<LoadOptions, 'apiUrl' | 'token' | 'seed' | 'now'>): Promise<number> {
  const worker = seed.people.find(({ role }) => role === 'worker')
  const keeper = seed.people.find(({ role, scopeId }) => role === 'body' && scopeId === `property-${worker?.scopeId}`)
  const [compoundId] = seed.homeCompoundIds
  if (worker === undefined || keeper?.scopeId === undefined || compoundId === undefined) return 0
  const last = quarterBefore(quarterOf(shanghaiDay(now)))
  const before = quarterBefore(last)
  const body = { bodyId: keeper.scopeId, firstQuarter: before, openingFen: OPENING_FEN }
  const community = seedApi(apiUrl, () => token(worker.subject))
  const opening = { ...body, openingNote: '接管时的银行对账单与移交清单（示例）' }
  const opened = await community.call(openBook, { params: { compoundId }, body: opening })
  // On a later load it may have been opened anew, by hand: then it is theirs.
  if (opened.kind === 'refused') return 0
  const company = seedApi(apiUrl, () => token(keeper.subject))
  const closing = await recordQuarter(company, compoundId, before, '0')
  await publishQuarter(company, compoundId, before, closing)
  await recordQuarter(company, compoundId, last, '1')
  return 2 * money.length
}

async function recordQuarter(api: SeedApi, compoundId: string, quarter: Quarter, at: string) {
  const months = monthsOf(quarter)
  let made: Output<typeof recordEntry> | undefined
  for (const [number, [category, month, day, yuan, text, voucher]] of money.entries()) {
    const entryId = `5eed0000-0000-4000-8000-0000000000${at}${number}`
    const body = {
      ...{ day: `${months[month]}-${day}`, category, amountFen: yuan * 100, text, voucher },
      booking: 'in-time' as const,
    }
    const answer = await api.call(recordEntry, { params: { compoundId, entryId }, body })
    if (answer.kind === 'refused') throw new Error(`entry ${entryId}: ${answer.code} ${answer.detail}`)
    made = answer.output
  }
  if (made === undefined) throw new Error('a quarter of the seed has entries')
  return made
}

async function publishQuarter(
  api: SeedApi,
  compoundId: string,
  quarter: Quarter,
  { seq, balanceFen }: { readonly seq: number; readonly balanceFen: number },
): Promise<void> {
  const disclosureId = disclosureIdOf({ book: 'property', quarter, compoundId })
  const body = { version: 1, throughSeq: seq, bankFen: balanceFen }
  const answer = await api.call(publishAccounts, { params: { disclosureId }, body })
  // Corrected or published by hand meanwhile: it stays as they left it.
  if (answer.kind === 'refused' && answer.code !== 'ALREADY_PUBLISHED')
    throw new Error(`${disclosureId}: ${answer.code}`)
}
