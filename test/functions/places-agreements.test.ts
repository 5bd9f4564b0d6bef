import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handler as places } from '#functions/places/index.ts'
import { keys } from '#functions/platform/table/keys.ts'
import type { Output } from '#shared/contracts/route.ts'
import { listPairings } from '#shared/contracts/places.ts'
import { getAgreement, listAgreements } from '#shared/contracts/places-agreements.ts'
import { plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'
import { importDistrict, importRows, PAIRED, pairing, SIGNED } from '../fixtures/district.ts'

const TODAY = shanghaiDay(new Date().toISOString())
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
  await importDistrict(backend)
})
afterAll(() => backend.stop())

const terms = (version: number, more: object = {}) => ({
  agreementId: 'agreement-north-village-a',
  version,
  rateBps: 200,
  ...PAIRED,
  purposes: ['公益服务'],
  ...more,
})
const north = (agreement: object) => pairing('north', 'village-a', { agreement: agreement as never })
const listed = async (communityId: string) =>
  (await call(places, listAgreements, { params: { communityId } })).body as Output<typeof listAgreements>
const versionsOf = async (villageId: string) =>
  (await listed('north')).items.find((item) => item.villageId === villageId)?.versions ?? []
const one = (villageId: string, version: string, communityId = 'north') =>
  call(places, getAgreement, { params: { communityId, villageId, version } })

describe('a donation agreement', () => {
  it('is kept whole with the version: terms, base, who signed and when, and its text', async () => {
    const { status, body } = await one('village-a', '1')
    expect(status).toBe(200)
    const { text, ...facts } = SIGNED
    expect(body).toEqual({
      ...{ communityId: 'north', communityName: 'north 社区', asOfDay: TODAY, text },
      pairing: { villageId: 'village-a', villageName: 'village-a 村', townName: '堂邑镇', ...PAIRED, synthetic: true },
      agreement: {
        ...terms(1),
        ...facts,
        textHash: hashOf(text),
        ...{ standing: 'in-force', lastDay: '2099-12-31', endsSoon: false },
      },
    })
  })

  it('never changes: another text, another signatory under the same number are refused, and what was signed stays', async () => {
    const before = await one('village-a', '1')
    const charity = { organisation: '别的慈善会', signatory: '会长' }
    for (const change of [
      { text: `${SIGNED.text}。` },
      { signedBy: { ...SIGNED.signedBy, charity } },
      { signedDay: '2019-12-21' },
    ]) {
      const results = await importRows([north(terms(1, { ...SIGNED, ...change }))])
      expect(results).toMatchObject([{ outcome: 'refused', code: 'AGREEMENT_VERSION_EXISTS' }])
    }
    const crlf = SIGNED.text.replaceAll('\n', '\r\n')
    expect(await importRows([north(terms(1, { ...SIGNED, text: crlf }))])).toMatchObject([{ outcome: 'unchanged' }])
    expect(await one('village-a', '1')).toEqual({ ...before, headers: expect.anything() })
  })

  it('is refused while it lacks what an agreement must say, by the name of the column', async () => {
    expect(await importRows([north(terms(2))])).toMatchObject([
      {
        outcome: 'refused',
        code: 'AGREEMENT_INCOMPLETE',
        fields: Object.fromEntries(
          ['base', 'signedDay', 'signedBy', 'text'].map((part) => [`agreement.${part}`, expect.any(String)]),
        ),
      },
    ])
    const late = terms(2, { ...SIGNED, signedDay: plusDays(TODAY, 1), fromDay: plusDays(TODAY, 5) })
    expect(await importRows([north(late)])).toMatchObject([{ outcome: 'refused', code: 'BAD_SIGNED_DAY' }])
    const html = terms(2, { ...SIGNED, text: '<script>alert(1)</script>' })
    expect(await importRows([north(html)])).toMatchObject([
      { outcome: 'invalid', fields: { 'agreement.text': expect.any(String) } },
    ])
    expect(await versionsOf('village-a')).toHaveLength(1)
  })

  it('has all its versions listed, newest first, with how each stands today', async () => {
    const soon = { fromDay: plusDays(TODAY, 10), toDay: '2099-12-31' }
    const second = terms(2, { ...SIGNED, ...soon, rateBps: 300, text: '第二版' })
    expect(await importRows([north(second)])).toMatchObject([{ outcome: 'updated' }])
    const found = await versionsOf('village-a')
    expect(found.map(({ version, rateBps, standing }) => [version, rateBps, standing])).toEqual([
      [2, 300, 'not-begun'],
      [1, 200, 'in-force'],
    ])
    expect(found[1]).toMatchObject({ lastDay: plusDays(TODAY, 9), endsSoon: true, followedBy: 2 })
    expect(found[0]).toMatchObject({ signedBy: SIGNED.signedBy, textHash: hashOf('第二版') })
    expect(JSON.stringify(found)).not.toContain('第一条')
    expect((await one('village-a', '2')).body).toMatchObject({ text: '第二版', agreement: { standing: 'not-begun' } })
    expect((await one('village-a', '1')).body).toMatchObject({ text: SIGNED.text, agreement: { followedBy: 2 } })
  })

  it('tells in the list of pairings who signed it', async () => {
    for (const query of [{ communityId: 'north' }, { villageId: 'village-a' }]) {
      const { body } = await call(places, listPairings, { query })
      const items = (body as Output<typeof listPairings>).items
      const found = items.find((item) => item.communityId === 'north' && item.villageId === 'village-a')
      expect(found?.agreement).toMatchObject({ version: 1, base: 'net-sales', signedBy: SIGNED.signedBy })
    }
  })

  it('keeps the item that every order reads small: the text is not in it', async () => {
    const stored = (await backend.scan('market')).find(
      (item) => item.entity === 'pairing' && item.communityId === 'north' && item.villageId === 'village-a',
    )
    expect(JSON.stringify(stored)).not.toContain('第一条')
    expect(Buffer.byteLength(JSON.stringify(stored))).toBeLessThan(4_096)
  })

  it('that was stored before this was asked for is read as it is', async () => {
    const { agreementId, version, rateBps, purposes } = { ...terms(1), agreementId: 'agreement-old' }
    const agreement = { agreementId, version, rateBps, purposes, ...PAIRED }
    const at = { communityId: 'south', villageId: 'village-c' }
    const item = {
      ...{ entity: 'pairing', v: 1, pairingId: 'old', ...at, communityName: 'south 社区', villageName: '老村' },
      ...{ townName: '堂邑镇', ...PAIRED, synthetic: true, agreements: [agreement] },
    }
    await backend.put('market', { ...keys.pairing(at.communityId, at.villageId), ...item })
    await backend.put('market', {
      ...keys.agreementVersion(at.communityId, at.villageId, 1),
      ...{ entity: 'agreement', v: 1, ...at, ...agreement },
    })
    const stands = { standing: 'in-force', lastDay: '2099-12-31', endsSoon: false }
    const found = (await listed('south')).items.find(({ villageId }) => villageId === 'village-c')
    expect(found?.versions).toEqual([{ ...agreement, ...stands }])
    const { body } = await one('village-c', '1', 'south')
    expect(body).toMatchObject({ agreement: { ...agreement, ...stands } })
    expect(body).not.toHaveProperty('text')
  })

  it('does not exist for a village that is not paired, another version, or a community that is none', async () => {
    expect((await one('village-c', '1')).status).toBe(404)
    expect((await one('village-a', '9')).status).toBe(404)
    expect((await one('village-a', '1', 'nowhere')).status).toBe(404)
    expect((await one('village-a', '0')).status).toBe(404)
    expect((await call(places, listAgreements, { params: { communityId: 'nowhere' } })).status).toBe(404)
  })

  it('is none where a community is paired with nobody', async () => {
    const alone = { kind: 'community', communityId: 'alone', name: '独社区', townId: 'town-1', townName: '古楼街道' }
    await importRows([alone])
    expect(await listed('alone')).toEqual({
      ...{ communityId: 'alone', communityName: '独社区', asOfDay: TODAY, items: [] },
    })
  })
})
