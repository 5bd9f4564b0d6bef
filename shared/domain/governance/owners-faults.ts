import { OWNER_CODE_LENGTH_MAX, OWNERS_UNITS_MAX, UNIT_LENGTH_MAX } from '#shared/contracts/governance-owners.ts'

/** What is wrong with a list of owners, in Chinese. `other`: the number of the other row, as its reader counts rows. */
export const ownersFaultWords = {
  'no-column': () => '表头里没有这一列',
  'two-columns': () => '表头里有两列都是这一项，请只留要用的一列',
  'no-rows': () => '清单是空的',
  'too-many': () => `最多 ${OWNERS_UNITS_MAX} 户`,
  'too-much-area': () => '面积合计太大，请核对',
  missing: () => '没有填',
  'too-long': () => `最多 ${UNIT_LENGTH_MAX} 个字`,
  'became-a-day': () => '像是被表格软件改成了日期，请把这一列设为文本再填',
  'not-a-code': () => `只写编号：字母、数字和短横，最多 ${OWNER_CODE_LENGTH_MAX} 位，不写姓名和电话`,
  'not-an-area': () => '写成 89.50 这样：大于 0，最多两位小数，不超过 100000 平方米',
  'not-a-choice': () => '写其中一个：同意、反对、弃权、未投',
  twice: (other: number) => `和第 ${other} 行是同一套房，一套房只写一行`,
  'two-choices': (other: number) => `和第 ${other} 行是同一套房，意见却不一样：共有人只有一票，要推选一人表决`,
  'owner-divided': (other: number) => `和第 ${other} 行是同一位业主，意见却不一样：一位业主只有一个意见`,
} as const
export type OwnersFaultKind = keyof typeof ownersFaultWords

export type OwnersField = 'unit' | 'areaCm' | 'owner' | 'choice'

export type OwnersFault = {
  readonly kind: OwnersFaultKind
  /** Where in the list, counted from 0; absent: the list as a whole, or its header. */
  readonly row?: number
  readonly field?: OwnersField
  /** The row that it does not go with. */
  readonly other?: number
}

/** The sentence of a fault, rows counted by `numberOf`. */
export function ownersFaultText({ kind, other = 0 }: OwnersFault, numberOf: (row: number) => number): string {
  return ownersFaultWords[kind](numberOf(other))
}
