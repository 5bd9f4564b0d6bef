import { sumsOfShares } from '#shared/domain/governance/milestones.ts'
import { MILESTONE_ROWS } from '#web/lib/projects/act-fields.ts'
import { count, rows, words, type Typed } from './typed-text.ts'

/** Rows of a plan 分期 that somebody wrote into: what is done, what shows it, and its share in whole percents. */
function writtenRows(typed: Typed): number[] {
  const isWritten = (n: number) => ['part', 'shows', 'share'].some((name) => words(typed[`${name}${n}`]) !== '')
  return rows(MILESTONE_ROWS).filter(isWritten)
}

const shareOf = (text: string | undefined) => {
  const percent = count(words(text).replace(/[%％]$/, ''))
  return percent !== undefined && percent >= 1 && percent <= 99 ? percent : undefined
}

/** Without a row that somebody wrote into there is no plan: it is paid at once. Sums are of the quote that is chosen. */
export function planOf(typed: Typed, costFen: number | undefined) {
  const written = writtenRows(typed)
  // Without a sum the quote is wrong, and the API says so: of what would be said of shares nothing is known.
  if (written.length === 0 || costFen === undefined) return {}
  const sums = sumsOfShares(
    costFen,
    written.map((n) => shareOf(typed[`share${n}`]) ?? 0),
  )
  const milestones = written.map((n, at) => ({
    ...{ what: words(typed[`part${n}`]), shows: words(typed[`shows${n}`]) },
    amountFen: sums[at],
  }))
  return { milestones }
}

/** Shares that are none, or are together not all: said before anything is sent. */
export function unreadableShares(typed: Typed): Record<string, 'badShare' | 'badShares' | 'tooFewParts'> {
  const written = writtenRows(typed)
  if (written.length === 0) return {}
  if (written.length === 1) return { milestones: 'tooFewParts' }
  const shares = written.map((n) => [n, shareOf(typed[`share${n}`])] as const)
  const wrong = shares.filter(([, share]) => share === undefined)
  if (wrong.length > 0) return Object.fromEntries(wrong.map(([n]) => [`share${n}`, 'badShare' as const]))
  return shares.reduce((sum, [, share = 0]) => sum + share, 0) === 100 ? {} : { milestones: 'badShares' }
}

/** The form's own name for a field of a milestone; rows that were left empty were not sent. */
export function planField(name: string, typed: Typed): string | undefined {
  const part = /^milestones\.(\d+)\.(what|shows|amountFen)$/.exec(name)
  if (part === null) return undefined
  const [, at, field] = part
  const short = { what: 'part', shows: 'shows', amountFen: 'share' }[field ?? 'what'] ?? 'part'
  return `${short}${writtenRows(typed)[Number(at)] ?? 1}`
}
