/** Numbers in [0, 1) that are the same in every run of the same seed (mulberry32), so that a demonstration can be repeated. */
export type Random = {
  readonly next: () => number
  /** A whole number from `least` to `most`, both included. */
  readonly between: (least: number, most: number) => number
  readonly pick: <Thing>(things: readonly Thing[]) => Thing
  readonly shuffled: <Thing>(things: readonly Thing[]) => Thing[]
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    pick: (things) => {
      const thing = things[between(0, things.length - 1)]
      if (thing === undefined) throw new Error('nothing to pick from')
      return thing
    },
    shuffled: (things) => {
      const left = [...things]
      return things.map(() => left.splice(between(0, left.length - 1), 1)).flat()
    },
  }
}
