import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSeedTexts } from '../../cdk/tools/seed/read-data.ts'
import { displayNameOf, readRegister } from '../../cdk/tools/seed/read-register.ts'

const register = readRegister(readSeedTexts().register)
const heading = 'code,name,kind,townCode,town'

describe('the sources', () => {
  it('are kept byte for byte as they came', () => {
    const folder = new URL('../../cdk/tools/seed/data/', import.meta.url)
    const sums = [...readFileSync(new URL('SOURCES.md', folder), 'utf8').matchAll(/^([0-9a-f]{64}) {2}(\S+)$/gm)]
    expect(sums).toHaveLength(3)
    for (const [, sum, name] of sums) {
      const bytes = readFileSync(new URL(String(name), folder))
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sum)
    }
  })
})

describe('the register of 东昌府区', () => {
  it('has 338 rows: 109 communities, 228 villages and the virtual community that is left out', () => {
    const rows = readSeedTexts().register.trim().split(/\r?\n/).length - 1
    expect(rows).toBe(338)
    expect(register.communities).toHaveLength(109)
    expect(register.villages).toHaveLength(228)
    const names = [...register.communities, ...register.villages].map((place) => place.officialName)
    expect(names).not.toContain('香江虚拟社区')
    expect(register.towns.map((town) => town.name)).not.toContain('香江光彩大市场服务中心')
  })

  it('knows 23 towns, 13 of them rural, and each place lies in one of them', () => {
    expect(register.towns).toHaveLength(23)
    expect(register.towns.filter((town) => town.kind === 'town')).toHaveLength(13)
    const towns = new Map(register.towns.map((town) => [town.townId, town.name]))
    for (const place of [...register.communities, ...register.villages]) {
      expect(towns.get(place.townId)).toBe(place.townName)
    }
  })

  it.each([
    ['古城社区居委会', 'community', '古城社区'],
    ['光岳社区居民委员会', 'community', '光岳社区'],
    ['光岳居委会', 'community', '光岳社区'],
    ['朱庄村委会', 'village', '朱庄村'],
    ['李海务村村委会', 'village', '李海务村'],
    ['许营新村村民委员会', 'village', '许营新村'],
    ['朱庄村民委员会', 'village', '朱庄村'],
    ['大学城新村', 'village', '大学城新村'],
    ['凤凰集', 'village', '凤凰集村'],
  ] as const)('shortens %s (%s) to %s', (official, kind, shown) => {
    expect(displayNameOf(official, kind)).toBe(shown)
  })

  it('leaves no committee in a shown name, and every name ends in its kind', () => {
    for (const { name } of register.communities) expect(name).toMatch(/^[^委]+社区$/)
    for (const { name } of register.villages) expect(name).toMatch(/^[^委]+村$/)
  })

  it('shows town and code with each name, which alone tells twins apart', () => {
    const labels = [...register.communities, ...register.villages].map((place) => place.label)
    expect(new Set(labels).size).toBe(337)
    expect(labels).toContain('古楼街道 · 古城社区（371502001001）')
    expect(labels).toContain('许营镇 · 朱庄村（371502108223）')
  })

  it('has these twins after shortening', () => {
    const twins = (places: readonly { name: string; townName: string }[]): string[] =>
      [...Map.groupBy(places, (place) => place.name)]
        .filter(([, sharing]) => sharing.length > 1)
        .map(([name, sharing]) => `${name}: ${sharing.map((place) => place.townName).join('、')}`)
    expect(twins(register.communities)).toEqual([
      '光岳社区: 柳园街道、北城街道',
      '滨河社区: 柳园街道、蒋官屯街道',
      '昌润社区: 湖西街道、闫寺街道',
    ])
    expect(twins(register.villages)).toEqual([
      '冯庄新村: 闫寺街道、蒋官屯街道',
      '和谐新村: 北城街道、沙镇镇',
      '运东新村: 北城街道、张炉集镇',
      '久安新村: 蒋官屯街道、梁水镇',
      '河东新村: 蒋官屯街道、梁水镇、许营镇',
      '阳光新村: 侯营镇、顾官屯镇',
      '振兴新村: 沙镇镇、顾官屯镇',
      '河西新村: 堂邑镇、许营镇',
      '府前新村: 梁水镇、郑家镇',
      '六和新村: 张炉集镇、于集镇',
    ])
  })

  it('comes in the order of the codes, whatever the order of the file', () => {
    const [first, ...rest] = readSeedTexts().register.trim().split(/\r?\n/)
    const turned = [first, ...rest.reverse()].join('\n')
    expect(readRegister(turned)).toEqual(register)
  })

  it('is refused with the line when a code repeats, lies in another town, or has an unknown kind', () => {
    const row = '371502001001,古城社区居委会,community,371502001,古楼街道'
    expect(() => readRegister([heading, row, row].join('\n'))).toThrow('line 3: code 371502001001 appears twice')
    expect(() => readRegister([heading, row.replace(',371502001,', ',371502002,')].join('\n'))).toThrow('line 2')
    expect(() => readRegister([heading, row.replace('community', 'hamlet')].join('\n'))).toThrow('unknown kind hamlet')
    expect(() => readRegister([heading, row.replaceAll('371502', '371503')].join('\n'))).toThrow('line 2')
  })

  it('is refused when its heading is another one', () => {
    expect(() => readRegister('code,name\n1,2')).toThrow('expected the heading code,name,kind,townCode,town')
  })
})
