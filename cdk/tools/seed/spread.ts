/**
 * A number that follows from a text and looks scattered: the seed varies like life and is the same on every machine. FNV-1a over
 * the bytes, then the finish of MurmurHash3, without which texts that differ in their last digit alone stay in order. Not for
 * secrets.
 */
export function spread(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** An integer from `low` to `high`, both included, that follows from the text. */
export function spreadBetween(text: string, low: number, high: number): number {
  return low + (spread(text) % (high - low + 1))
}

/** `count` different elements of `all`, chosen by the text, in the order of `all`. */
export function spreadSubset<Element>(text: string, all: readonly Element[], count: number): Element[] {
  const ranked = all.map((element, index) => ({ element, index, rank: spread(`${text}/${index}`) }))
  const chosen = ranked.sort((left, right) => left.rank - right.rank || left.index - right.index).slice(0, count)
  return chosen.sort((left, right) => left.index - right.index).map(({ element }) => element)
}
