import { UNITS_TOLD_MAX, type OwnersDiffer, type OwnersRow } from '#shared/contracts/governance-owners.ts'
import { plainName } from './owners-count.ts'

/** First line of a list's canonical form; another form would have another one. */
const FORM = 'xianglai-owners-1'

/** SHA-256 of a text's UTF-8 bytes, as lower-case hex. */
export type Sha256 = (text: string) => string

/** In the order of the UTF-8 bytes, the same in any language: half a character beyond U+FFFF sorts after all others. */
function byBytes(left: string, right: string): number {
  const orderAt = (text: string, at: number) => {
    const unit = text.charCodeAt(at)
    return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
  }
  const shorter = Math.min(left.length, right.length)
  for (let at = 0; at < shorter; at++) if (left[at] !== right[at]) return orderAt(left, at) - orderAt(right, at)
  return left.length - right.length
}

/**
 * The rows of a list in the one form that two persons, or anybody with the paper, come to: texts as `plainName` spells them,
 * a line `unit TAB area TAB owner TAB choice LF` each, area in whole 0.01 m², choice `yes`, `no`, `abstain` or `none`, lines in
 * the order of their UTF-8 bytes. For lists without faults: no text of theirs holds a tab or a line feed.
 */
export function canonicalRows(rows: readonly OwnersRow[]): string {
  return rows
    .map(({ unit, areaCm, owner, choice }) => `${plainName(unit)}\t${areaCm}\t${plainName(owner)}\t${choice}\n`)
    .toSorted(byBytes)
    .join('')
}

/**
 * What is hashed: `xianglai-owners-1 ITEM CODE LF`, then the canonical rows. Areas and figures are known, and a place may be
 * small: without the code, which is random and written on the paper, whoever has the hash could try out how a unit voted.
 */
export function canonicalList(item: number, code: string, rows: readonly OwnersRow[]): string {
  return `${FORM} ${item} ${code}\n${canonicalRows(rows)}`
}

/** Which units two lists of canonical rows do not have alike, in the order of the first, then of the second. */
export function differingUnits(one: string, other: string): OwnersDiffer | undefined {
  const [ones, others] = [linesOf(one), linesOf(other)]
  const units = new Set([...onlyIn(ones, others), ...onlyIn(others, ones)])
  return units.size === 0 ? undefined : { count: units.size, units: [...units].slice(0, UNITS_TOLD_MAX) }
}

const linesOf = (rows: string) => new Set(rows.split('\n').filter((line) => line !== ''))

function onlyIn(lines: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...lines].filter((line) => !others.has(line)).map((line) => line.slice(0, line.indexOf('\t')))
}
