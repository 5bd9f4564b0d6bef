/** Building, unit and room as somebody wrote them: `３号楼`, `2单元`, `0501室`. */
export type Rooms = { readonly building: string; readonly unit: string; readonly room: string }

const ENDINGS = { building: /(?:号楼|号|楼|栋|幢|座)+$/, unit: /(?:单元|号)+$/, room: /(?:号|室)+$/ } as const

/** A normalised part: no dot, so that the id can be taken apart again. */
export const NORMAL = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * One spelling for each building, unit or room: full-width digits and letters become plain, 三 becomes 3, the ending
 * (号楼, 栋, 单元, 室 …) and leading zeros go. `undefined` when nothing usable is left.
 */
export function normalizePlacePart(kind: keyof Rooms, text: string): string | undefined {
  const plain = text.normalize('NFKC').trim().toLowerCase().replace(ENDINGS[kind], '')
  const digits = plain.replace(/[一二三四五六七八九十]+/g, (numeral) => chineseNumber(numeral) ?? numeral)
  const normal = digits.replace(/(?<![a-z0-9])0+(?=\d)/g, '')
  return NORMAL.test(normal) ? normal : undefined
}

const CHINESE_DIGITS = '一二三四五六七八九'

/** 三 → 3, 十二 → 12, 三十 → 30, 九十九 → 99; `undefined` for what is not a number below one hundred. */
function chineseNumber(numeral: string): string | undefined {
  const parts = /^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$/.exec(numeral)
  if (parts === null) return undefined
  const [, first, ten, last] = parts
  const digit = (character: string | undefined) => (character === undefined ? 0 : CHINESE_DIGITS.indexOf(character) + 1)
  if (ten === undefined) return first !== undefined && last === undefined ? String(digit(first)) : undefined
  return String((first === undefined ? 1 : digit(first)) * 10 + digit(last))
}

/** The same words for everybody, whoever wrote them first. */
export function labelsOf(parts: Rooms): Rooms {
  return { building: buildingLabel(parts.building), unit: `${parts.unit}单元`, room: `${parts.room}室` }
}

export function buildingLabel(building: string): string {
  return `${building}号楼`
}

export function householdLabel(labels: Rooms): string {
  return `${labels.building}${labels.unit}${labels.room}`
}
