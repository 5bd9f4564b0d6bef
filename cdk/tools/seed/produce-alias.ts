import type { IconKey, ProduceCategory } from './types.ts'

/**
 * What one market name really means. `sourceName` is the market's spelling after byte-order marks are taken out; it is the
 * key. `quotedPer` says what the market's figure is for, `saleUnit` how the goods are handed over: a box of pineapples is
 * quoted by the 斤 and sold by the box.
 */
export interface ProduceAlias {
  readonly sourceName: string
  readonly displayName: string
  readonly nameEn: string
  readonly category: ProduceCategory
  readonly icon: IconKey
  /** More than one when the market quotes several kinds under one name. */
  readonly kinds: readonly string[]
  readonly grade: string
  readonly saleUnit: 'jin' | 'piece' | 'case'
  readonly quotedPer: 'jin' | 'piece'
  readonly alsoKnownAs: readonly string[]
  readonly note?: string
}

interface AliasExtras {
  readonly kinds?: readonly string[]
  readonly grade?: string
  readonly saleUnit?: ProduceAlias['saleUnit']
  readonly quotedPer?: ProduceAlias['quotedPer']
  readonly alsoKnownAs?: readonly string[]
  readonly note?: string
}

/** 统货 is the trade's own word for goods sold as harvested, not sorted by size. */
const UNGRADED = '统货'

export function alias(
  sourceName: string,
  displayName: string,
  nameEn: string,
  category: ProduceCategory,
  icon: IconKey,
  extras: AliasExtras = {},
): ProduceAlias {
  return {
    sourceName,
    displayName,
    nameEn,
    category,
    icon,
    kinds: extras.kinds ?? [displayName],
    grade: extras.grade ?? UNGRADED,
    saleUnit: extras.saleUnit ?? 'jin',
    quotedPer: extras.quotedPer ?? 'jin',
    alsoKnownAs: extras.alsoKnownAs ?? [],
    ...(extras.note === undefined ? {} : { note: extras.note }),
  }
}
