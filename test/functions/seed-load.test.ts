import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handler as catalogue } from '#functions/catalogue/index.ts'
import { handler as groupBuys } from '#functions/group-buys/index.ts'
import { handler as places } from '#functions/places/index.ts'
import { saveListing } from '#shared/contracts/catalogue.ts'
import { listCoopGroupBuys, listGroupBuys } from '#shared/contracts/group-buys.ts'
import { routesByContext } from '#shared/contracts/index.ts'
import { getMe } from '#shared/contracts/places.ts'
import { instant, plusDays, shanghaiDay } from '#shared/kernel/time.ts'
import { buildDistrictSeed } from '../../cdk/tools/seed/district.ts'
import { ensureOpenGroupBuys, loadSeed } from '../../cdk/tools/seed/load.ts'
import { readSeedTexts } from '../../cdk/tools/seed/read-data.ts'
import type { DistrictSeed } from '../../cdk/tools/seed/types.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'

/** The real district through real handlers over real HTTP; only gateway and sign-in are left out: the token is the subject. */
const handlers: Record<string, unknown> = { places, catalogue, 'group-buys': groupBuys }
let backend: Backend
let server: Server
let apiUrl = ''
let inFlight = 0
let inFlightMax = 0
let writesSeen = 0

beforeAll(async () => {
  backend = await startBackend({ BOOTSTRAP_ADMIN_SUB: 'admin-1' })
  server = createServer((request, response) => {
    inFlightMax = Math.max(inFlightMax, ++inFlight)
    void answer(request).then(({ statusCode, headers, body }) => {
      inFlight--
      response.writeHead(statusCode ?? 500, headers as Record<string, string>).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await backend.stop()
})

async function answer(request: IncomingMessage): Promise<APIGatewayProxyStructuredResultV2> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', 'http://local')
  for (const [context, routes] of Object.entries(routesByContext)) {
    for (const route of routes) {
      const pattern = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
      const match = pattern.exec(url.pathname)
      if (route.method !== request.method || match === null || handlers[context] === undefined) continue
      if (request.method !== 'GET') writesSeen++
      const body = Buffer.concat(chunks).toString()
      const called = await call(handlers[context], route, {
        params: { ...match.groups },
        query: Object.fromEntries(url.searchParams),
        ...(body === '' ? {} : { rawBody: body }),
        as: (request.headers.authorization ?? '').replace('Bearer ', ''),
      })
      return { statusCode: called.status, headers: called.headers, body: called.text }
    }
  }
  return { statusCode: 404, body: '' }
}

const now = instant(Date.now())
const today = shanghaiDay(now)
const texts = readSeedTexts()
const seed = soldToHomes(buildDistrictSeed(texts, today))
const options = { apiUrl, token: (account: string) => Promise.resolve(account), seed, now, log: () => undefined }

/** All places, and the goods of the co-ops that sell to the eight compounds with households: the journeys load the rest too. */
function soldToHomes(whole: DistrictSeed): DistrictSeed {
  const groupBuys = whole.groupBuys.filter(({ compoundIds }) =>
    compoundIds.some((compoundId) => whole.homeCompoundIds.includes(compoundId)),
  )
  const coopIds = new Set(groupBuys.map(({ coopId }) => coopId))
  return { ...whole, groupBuys, listings: whole.listings.filter(({ coopId }) => coopIds.has(coopId)) }
}
const load = () => loadSeed({ ...options, apiUrl })
const market = async () =>
  (await backend.scan('market')).sort((left, right) => (`${left.PK}${left.SK}` < `${right.PK}${right.SK}` ? -1 : 1))

describe('loading the district through the API', () => {
  it('loads all of it, with at most eight requests at a time', async () => {
    const loaded = await load()
    expect(loaded.rowsChanged).toBe(loaded.rows)
    expect(loaded.listingsAdded).toBe(seed.listings.length)
    expect(loaded.groupBuysOpened).toBe(seed.groupBuys.length)
    expect(inFlightMax).toBeLessThanOrEqual(8)
    expect(inFlightMax).toBeGreaterThan(4)
    const counts = Map.groupBy(await market(), (item) => item.entity)
    expect(counts.get('compound')).toHaveLength(561)
    expect(counts.get('household')).toHaveLength(seed.households.length)
    expect(counts.get('groupBuy')).toHaveLength(seed.groupBuys.length)
  }, 240_000)

  it('gives all people their roles', async () => {
    for (const person of seed.people) {
      const me = await call(places, getMe, { as: person.subject })
      expect((me.body as { memberships: unknown[] }).memberships).toContainEqual(
        expect.objectContaining({
          role: person.role,
          ...(person.scopeId ? { scopeId: person.scopeId } : { state: 'verified' }),
        }),
      )
    }
  })

  it('shows each home compound the group buys of its paired villages', async () => {
    for (const compoundId of seed.homeCompoundIds) {
      const shop = await call(groupBuys, listGroupBuys, { query: { compoundId, with: 'offers' } })
      const wanted = seed.groupBuys.filter(({ compoundIds }) => compoundIds.includes(compoundId))
      const shown = (shop.body as { items: { groupBuyId: string }[] }).items.map((item) => item.groupBuyId)
      expect(shown.sort()).toEqual(wanted.map((groupBuy) => groupBuy.groupBuyId).sort())
      expect(shown.length).toBeGreaterThanOrEqual(3)
    }
  })

  it('changes nothing the second time', async () => {
    const before = await market()
    expect(await load()).toMatchObject({ rowsChanged: 0, listingsAdded: 0, groupBuysOpened: 0 })
    expect(await market()).toEqual(before)
  }, 240_000)

  it('leaves what a co-op edited as they left it', async () => {
    const [listing] = seed.listings
    if (listing === undefined) throw new Error('no listing')
    const params = { coopId: listing.coopId, listingId: listing.listingId }
    const body = {
      version: 1,
      name: '改过的名字',
      category: 'leaf',
      picture: 'leaf',
      saleUnit: { by: 'piece', pieceLabel: '把' },
      priceFen: 123,
      temperatureZone: 'ambient',
      state: 'paused',
    }
    expect((await call(catalogue, saveListing, { params, body, as: 'admin-1' })).status).toBe(200)
    const before = await market()
    await load()
    expect(await market()).toEqual(before)
  }, 240_000)
})

describe('a later start', () => {
  it('has nothing to do while the group buys are open', async () => {
    writesSeen = 0
    expect(await ensureOpenGroupBuys({ ...options, apiUrl })).toBe(0)
    expect(writesSeen).toBe(0)
  })

  it("opens this week's when no group buy is open any more, without what was paused meanwhile", async () => {
    const laterDay = plusDays(today, 7)
    const later = soldToHomes(buildDistrictSeed(texts, laterDay))
    // As if a week had passed: what is there now closed long ago.
    for (const item of await market()) {
      if (item.entity === 'groupBuy') await backend.put('market', { ...item, closesAt: now, state: 'closing' })
    }
    // A shop window may be two seconds old.
    await new Promise((resolve) => setTimeout(resolve, 2_050))
    const from = later.groupBuys[0]?.opensAt ?? now
    const opened = await ensureOpenGroupBuys({ ...options, apiUrl, seed: later, now: from })
    expect(opened).toBe(later.groupBuys.length)
    expect(await ensureOpenGroupBuys({ ...options, apiUrl, seed: later, now: from })).toBe(0)
    const [paused] = seed.listings
    const view = await call(groupBuys, listCoopGroupBuys, {
      params: { coopId: paused?.coopId ?? '' },
      query: { limit: '1' },
      as: 'admin-1',
    })
    const [newest] = (view.body as { items: { state: string; offers: unknown[] }[] }).items
    const all = seed.listings.filter((listing) => listing.coopId === paused?.coopId).length
    expect(newest?.state).toBe('scheduled')
    expect(newest?.offers).toHaveLength(all - 1)
  }, 240_000)
})
