import { describe, expect, it } from 'vitest'
import { fundFigures } from '#shared/domain/fund/figures.ts'
import { canonicalJson } from '#shared/domain/fund/canonical-json.ts'
import { withoutHash } from '#web/lib/funds/verify/hash-ahead.ts'
import { shownOf, type Order, type Result } from '#web/lib/funds/verify/told.ts'
import { verifyExport } from '#web/lib/funds/verify/verify-export.ts'
import { FUND, reversal, sale, saleWithoutAgreement, settlement, sha256, StoryLedger } from './fund-story.ts'

/** Goal: what the browser says of a ledger is what is so, in every case. Its hashes are Web Crypto's, ahead of the replay. */

function story(): StoryLedger {
  const ledger = new StoryLedger()
  ledger.post([sale('s1', 10_000), sale('s2', 333, { coopId: 'coop-2' }), saleWithoutAgreement('s3', 700)])
  ledger.post([settlement('s1'), reversal('r1', 's1', 2_500), reversal('r2', 's2', 333)], '2026-11-24T04:00:00.000Z')
  return ledger
}

/** As a page shows it: from the head that the server read, not from the export. */
function shownBy(ledger: StoryLedger): Order['shown'] {
  const day = '2026-11-24'
  const figures = fundFigures(ledger.head, [], 'live', day, day)
  return shownOf({
    ...figures,
    fundId: ledger.head.fundId,
    ...{ compoundName: '', communityName: '', byVillage: [], byCoop: [], byGroupBuy: [] },
  })
}

const START = '/funds/f/pages'

/** Answers an export in pages of some lines, each page in pieces that end anywhere. */
function server(lines: readonly string[], linesAPage = 1_000_000, pieceBytes = 1_000) {
  const asked: string[] = []
  const get = async (url: string): Promise<Response> => {
    asked.push(url)
    const from = Number(new URL(url, 'http://x').searchParams.get('fromSeq') ?? 1)
    const page = lines.slice(from - 1, from - 1 + linesAPage)
    const bytes = new TextEncoder().encode(page.map((line) => `${line}\n`).join(''))
    const next = from - 1 + linesAPage
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += pieceBytes) controller.enqueue(bytes.slice(at, at + pieceBytes))
        controller.close()
      },
    })
    const link = next < lines.length ? { link: `<${START}?fromSeq=${next + 1}>; rel="next"` } : {}
    return new Response(body, { headers: { ...link } })
  }
  return { get, asked }
}

const verify = (shown: Order['shown'], lines: readonly string[], linesAPage?: number, pieceBytes?: number) =>
  verifyExport({ url: START, shown }, server(lines, linesAPage, pieceBytes).get, () => undefined)

/** The first thing that is wrong. */
const problemOf = (result: Result) => (result.kind === 'wrong' ? result.problems[0] : undefined)

describe('a right ledger', () => {
  it('passes, and says how many entries from which day to which', async () => {
    const ledger = story()
    expect(await verify(shownBy(ledger), ledger.lines())).toEqual({
      kind: 'right',
      entries: 6,
      newer: 0,
      coops: 2,
      firstDay: '2026-11-23',
      lastDay: '2026-11-24',
    })
  })

  it.each([1, 2, 5, 6])('passes in pages of %s lines, in pieces that end within a line', async (linesAPage) => {
    const ledger = story()
    expect(await verify(shownBy(ledger), ledger.lines(), linesAPage, 7)).toMatchObject({ kind: 'right', entries: 6 })
  })

  it('without an entry passes', async () => {
    const ledger = new StoryLedger()
    expect(await verify(shownBy(ledger), ledger.lines())).toMatchObject({ kind: 'right', entries: 0 })
  })

  it('that has grown since the page was made passes, and the page’s figures are those of its last entry', async () => {
    const ledger = story()
    const shown = shownBy(ledger)
    ledger.post([sale('s9', 5_000), settlement('s9')], '2026-11-25T04:00:00.000Z')
    expect(await verify(shown, ledger.lines())).toMatchObject({ kind: 'right', entries: 8, newer: 2 })
  })
})

describe('a wrong ledger', () => {
  it('is found by any single line that was changed, and the line is named', async () => {
    const ledger = story()
    const lines = ledger.lines()
    for (const [at, line] of lines.entries()) {
      const digit = line.lastIndexOf('"seq":') + 6
      const places = [line.indexOf('-'), digit, Math.max(line.indexOf('amountFen') + 11, 30)]
      for (const place of places) {
        const other = line[place] === '7' ? '8' : '7'
        const changed = lines.with(at, line.slice(0, place) + other + line.slice(place + 1))
        const result = await verify(shownBy(ledger), changed)
        expect(problemOf(result)?.line).toBe(at + 1)
      }
    }
  })

  it('is found where a line was changed and every hash after it written anew: the page knows the root', async () => {
    const right = story()
    const other = new StoryLedger()
    other.post([sale('s1', 10_000), sale('s2', 334, { coopId: 'coop-2' }), saleWithoutAgreement('s3', 700)])
    other.post([settlement('s1'), reversal('r1', 's1', 2_500), reversal('r2', 's2', 334)], '2026-11-24T04:00:00.000Z')
    expect(await verify(shownBy(right), other.lines())).toEqual({
      kind: 'differs',
      differs: [
        { figure: 'salesFen', shown: '11033', computed: '11034' },
        { figure: 'reversedFen', shown: '2833', computed: '2834' },
        { figure: 'hash', shown: right.head.hash, computed: other.head.hash },
      ],
    })
  })

  it('that ends too early but fits together is short of what the page shows', async () => {
    const early = new StoryLedger()
    early.post([sale('s1', 10_000)])
    expect(await verify(shownBy(story()), early.lines())).toEqual({ kind: 'short', entries: 1, shown: 6 })
  })

  it('of another fund is not taken for this one', async () => {
    const other = new StoryLedger([], 'c-other')
    other.post([{ ...sale('s1', 10_000), compoundId: 'c-other' }])
    expect(problemOf(await verify(shownBy(story()), other.lines()))?.code).toBe('FUND')
  })

  it('of no text at all, of bytes that are no UTF-8, and of an endless line is wrong and ends', async () => {
    const answer = (body: BodyInit) =>
      verifyExport(
        { url: START, shown: shownBy(story()) },
        async () => new Response(body),
        () => undefined,
      )
    expect(await answer('x')).toMatchObject({ kind: 'wrong', problems: [{ code: 'FORMAT' }, { code: 'END' }] })
    expect(await answer(new Uint8Array([0x7b, 0xff]))).toMatchObject({ kind: 'wrong' })
    expect(await answer('x'.repeat(200_000))).toMatchObject({ kind: 'wrong' })
  })

  it('whose figures on the page are other than its own differs from it, each figure by name', async () => {
    const ledger = story()
    const shown = shownBy(ledger)
    for (const figure of Object.keys(shown.figures) as (keyof typeof shown.figures)[]) {
      const lying = { ...shown, figures: { ...shown.figures, [figure]: shown.figures[figure] + 1 } }
      expect(await verify(lying, ledger.lines())).toMatchObject({ kind: 'differs', differs: [{ figure }] })
    }
  })
})

describe('a download', () => {
  it('that breaks is no verdict', async () => {
    const shown = shownBy(story())
    const with503 = async () => new Response('', { status: 503 })
    expect(await verifyExport({ url: START, shown }, with503, () => undefined)).toEqual({ kind: 'failed', status: 503 })
    const offline = async () => Promise.reject(new TypeError('fetch failed'))
    expect(await verifyExport({ url: START, shown }, offline, () => undefined)).toEqual({ kind: 'failed', status: 0 })
  })

  it('never leaves the site, whatever a link says', async () => {
    const asked: string[] = []
    const get = async (url: string) => {
      asked.push(url)
      return new Response('', { headers: { link: '<https://elsewhere.example/x>; rel="next"' } })
    }
    await verifyExport({ url: START, shown: shownBy(story()) }, get, () => undefined)
    expect(asked).toEqual([START])
  })
})

describe('the text that is hashed ahead', () => {
  it('is the one that the verifier hashes', () => {
    for (const entry of story().entries) {
      const { hash, ...unsealed } = entry
      expect(withoutHash(canonicalJson(entry))).toBe(canonicalJson(unsealed))
      expect(sha256(withoutHash(canonicalJson(entry)))).toBe(hash)
    }
  })
})

const ENTRIES = 20_000

describe('a large ledger', () => {
  it('of 20,000 entries takes a second or two', async () => {
    const ledger = new StoryLedger([], FUND)
    for (let at = 0; ledger.entries.length < ENTRIES; at += 1) {
      const sales = Array.from({ length: 50 }, (_each, index) =>
        sale(`s${at}-${index}`, 300 + ((at * 37 + index * 11) % 9_000), { coopId: `coop-${index % 4}` }),
      )
      ledger.post(sales)
      ledger.post(sales.map((each) => settlement(each.type === 'sale.recorded.v1' ? each.saleId : '')))
    }
    const lines = ledger.lines()
    const served = server(lines, 5_000, 65_536)
    const shown = shownBy(ledger)
    const startedMs = performance.now()
    const result = await verifyExport({ url: START, shown }, served.get, () => undefined)
    const seconds = (performance.now() - startedMs) / 1_000
    console.log(
      `verified ${lines.length - 1} entries in ${seconds.toFixed(1)} s: ${Math.round(lines.length / seconds)}/s`,
    )
    expect(result).toMatchObject({ kind: 'right', entries: ENTRIES })
    expect(served.asked).toHaveLength(5)
    expect(seconds).toBeLessThan(12)
  }, 60_000)
})
