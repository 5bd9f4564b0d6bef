import { readFileSync } from 'node:fs'

export interface SeedTexts {
  readonly register: string
  readonly vegetables: string
  readonly fruits: string
}

/** The only file of the seed that touches a disk. The files are UTF-8; `data/SOURCES.md` says where they come from. */
export function readSeedTexts(): SeedTexts {
  const text = (name: string): string => readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8')
  return {
    register: text('dongchangfu-register.csv'),
    vegetables: text('xinfadi-vegetable-prices.csv'),
    fruits: text('xinfadi-fruit-prices.csv'),
  }
}
