import { wholeFen } from '#shared/domain/fund/donor-sums.ts'
import { emptyHead } from '#shared/domain/fund/head.ts'
import { finishVerification, startVerification, verifyLine } from '#shared/domain/fund/verify-ledger.ts'
import { shanghaiDay } from '#shared/kernel/calendar.ts'
import { hashAhead } from './hash-ahead.ts'
import type { Differs, Figure, Order, Result, Shown } from './told.ts'

/** Lines that are hashed at once. */
const PACK = 500
const LINE_MAX = 64 * 1024
const PAGES_MAX = 100_000
/** Stands for bytes that are no line at all (not UTF-8, endless): it cannot be JSON, so it is reported as such. */
const NOT_A_LINE = '\ufffd'

type State = ReturnType<typeof startVerification>
type Book = NonNullable<State['book']>

/**
 * Replays a fund's export as it comes, page after page, and compares what follows from the entries with what a page shows.
 * The page's figures are taken where the page's last entry is: entries that came since are checked too, and told apart.
 */
export async function verifyExport(
  order: Order,
  get: (url: string) => Promise<Response>,
  tell: (entries: number) => void,
): Promise<Result> {
  const { shown } = order
  const hashes = await hashAhead(shown.fundId)
  const state = startVerification(hashes.sha256, emptyHead(shown.fundId, hashes.sha256))
  const seen: Seen = { found: undefined, firstDay: undefined }
  look(seen, state, shown)
  let pack: string[] = []
  const check = async () => {
    await hashes.prepare(pack)
    for (const line of pack) {
      verifyLine(state, line)
      look(seen, state, shown)
    }
    pack = []
    tell(state.line)
  }
  try {
    for await (const line of exportLines(order.url, get)) if (pack.push(line) === PACK) await check()
    await check()
  } catch (error) {
    return { kind: 'failed', status: error instanceof NoAnswer ? error.status : 0 }
  }
  const { ok, problems, problemCount } = finishVerification(state)
  if (!ok) return { kind: 'wrong', problems: problems.slice(0, 10), problemCount }
  const { book } = state
  if (seen.found === undefined || book === undefined)
    return { kind: 'short', entries: book?.seq ?? 0, shown: shown.seq }
  if (seen.found.length > 0) return { kind: 'differs', differs: seen.found }
  return {
    kind: 'right',
    entries: book.seq,
    newer: book.seq - shown.seq,
    coops: new Set([...book.donors.values()].map(({ coopId }) => coopId)).size,
    firstDay: seen.firstDay,
    lastDay: book.lastPostedAt && shanghaiDay(book.lastPostedAt),
  }
}

type Seen = { found: readonly Differs[] | undefined; firstDay: string | undefined }

/** After each line: the first day, and the page's figures where its last entry is. */
function look(seen: Seen, { book }: State, shown: Shown): void {
  if (book?.lastPostedAt !== undefined) seen.firstDay ??= shanghaiDay(book.lastPostedAt)
  if (book?.seq === shown.seq) seen.found ??= differences(shown, book)
}

function differences(shown: Shown, book: Book): Differs[] {
  const figures = figuresOf(book)
  const differs = (Object.keys(figures) as Figure[])
    .filter((figure) => figures[figure] !== shown.figures[figure])
    .map((figure) => ({ figure, shown: String(shown.figures[figure]), computed: String(figures[figure]) }))
  // A donor's gift is exact to under one fen: what was posted is the whole fen of each donor's exact sum.
  const gifts = [...book.donors.values()].reduce((sum, donor) => sum + wholeFen(donor.accruedE4Fen), 0)
  return [
    ...differs,
    ...(gifts === figures.postedFen
      ? []
      : [{ figure: 'postedFen' as const, shown: String(figures.postedFen), computed: String(gifts) }]),
    ...(book.hash === shown.hash ? [] : [{ figure: 'hash' as const, shown: shown.hash, computed: book.hash }]),
  ]
}

function figuresOf({ balances, totals }: Book): Shown['figures'] {
  return {
    salesFen: totals.salesFen,
    reversedFen: totals.reversedFen,
    saleCount: totals.saleCount,
    postedFen: 0 - balances.sales,
    pendingFen: balances.pending,
    availableFen: balances.available,
    reservedFen: balances.reserved,
    clawbackFen: 0 - balances.clawback,
    dueFen: balances.due,
    cashFen: balances.cash,
    paidFen: balances.paid,
  }
}

class NoAnswer extends Error {
  readonly status: number
  constructor(status: number) {
    super(String(status))
    this.status = status
  }
}

/** The lines of all pages, without their line feed and otherwise exactly as they are. */
async function* exportLines(first: string, get: (url: string) => Promise<Response>): AsyncGenerator<string> {
  let url: string | undefined = first
  for (let page = 0; url !== undefined; page += 1) {
    if (page === PAGES_MAX) throw new NoAnswer(0)
    const answer: Response = await get(url)
    if (!answer.ok || answer.body === null) throw new NoAnswer(answer.status)
    url = /<(\/[^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    yield* linesOf(answer.body)
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const reader = body.getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    const text = decoded(decoder, value)
    if (text === undefined || rest.length > LINE_MAX) {
      await reader.cancel()
      yield NOT_A_LINE
      return
    }
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    if (done) break
  }
  if (rest !== '') yield rest
}

function decoded(decoder: TextDecoder, value: Uint8Array | undefined): string | undefined {
  try {
    return value === undefined ? decoder.decode() : decoder.decode(value, { stream: true })
  } catch {
    return undefined
  }
}
