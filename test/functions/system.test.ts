import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { handler as system } from '#functions/system/index.ts'
import { TableClient } from '#functions/platform/table/client.ts'
import { openApiOf } from '#functions/system/openapi.ts'
import { routesByContext } from '#shared/contracts/index.ts'
import { getHealth, getOpenApi } from '#shared/contracts/system.ts'
import { type Backend, startBackend } from '../fixtures/backend.ts'
import { call } from '../fixtures/call.ts'

let backend: Backend
beforeAll(async () => {
  backend = await startBackend()
})
afterAll(() => backend.stop())
afterEach(() => vi.restoreAllMocks())

type Schema = { $ref?: string; type?: string; properties?: Record<string, Schema>; enum?: string[]; allOf?: Schema[] }
type Content = Record<string, { schema: Schema }>
type Operation = {
  operationId: string
  tags: string[]
  security: Record<string, string[]>[]
  parameters: { name: string; in: string; required: boolean; schema: Schema }[]
  requestBody?: { content: Content }
  responses: Record<string, { $ref?: string; description?: string; content?: Content }>
}
type Document = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Schema>
    responses: Record<string, { content: Content }>
    securitySchemes: object
  }
}

const allRoutes = Object.values(routesByContext).flat()
const operations = (document: Document) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

describe('OpenAPI', () => {
  let document: Document
  beforeAll(async () => {
    const answer = await call(system, getOpenApi)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json')
    document = answer.body as Document
  })

  it('tells of every route, and of none besides', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    const told = operations(document).map(({ path, method }) => `${method.toUpperCase()} ${path}`)
    expect(told.sort()).toEqual(allRoutes.map((route) => `${route.method} ${route.path}`).sort())
    expect(new Set(told).size).toBe(told.length)
  })

  it('names each operation once, by the name of its route', () => {
    const ids = operations(document).map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    // Clients are generated from these names: one that goes or changes breaks them.
    for (const published of operationIds) expect(ids).toContain(published)
  })

  it('resolves every reference it makes', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
    expect(refs.length).toBeGreaterThan(50)
    for (const ref of refs) {
      expect(ref).toMatch(/^#\//)
      const found = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
      expect(found, ref).toBeDefined()
    }
  })

  it('declares exactly the parameters that each path has', () => {
    for (const { path, operation } of operations(document)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
      expect(declared.map((parameter) => parameter.name).sort(), path).toEqual(inPath.sort())
      expect(
        declared.every((parameter) => parameter.required),
        path,
      ).toBe(true)
      for (const parameter of operation.parameters)
        expect(Object.keys(parameter.schema).length, path).toBeGreaterThan(0)
    }
  })

  it('asks for a token exactly where the gateway does', () => {
    const byId = new Map(operations(document).map(({ operation }) => [operation.operationId, operation]))
    for (const route of allRoutes) {
      const { security, responses } = byId.get(route.name) as Operation
      if (route.access === 'public') expect(security, route.name).toEqual([])
      else if (route.access === 'anyone') expect(security, route.name).toEqual([{}, { bearer: [] }])
      else expect(security, route.name).toEqual([{ bearer: [] }])
      expect('401' in responses, route.name).toBe(route.access !== 'public')
    }
    expect(document.components.securitySchemes).toHaveProperty('bearer')
  })

  it('tells every refusal code under its status, as a problem', () => {
    const byId = new Map(operations(document).map(({ operation }) => [operation.operationId, operation]))
    for (const route of allRoutes) {
      for (const [code, status] of Object.entries(route.refusals)) {
        const schema = byId.get(route.name)?.responses[String(status)]?.content?.['application/problem+json']?.schema
        const codes = schema?.allOf?.flatMap((part) => part.properties?.code?.enum ?? [])
        expect(codes, `${route.name} ${code}`).toContain(code)
      }
    }
    expect(document.components.schemas.Problem?.properties).toHaveProperty('code')
    for (const response of Object.values(document.components.responses)) {
      expect(Object.keys(response.content)).toEqual(['application/problem+json'])
    }
  })

  it('describes bodies and answers by their contracts', () => {
    const opened = document.paths['/api/group-buys/{groupBuyId}']?.put
    const offers = opened?.requestBody?.content['application/json']?.schema.properties?.offers as {
      items?: Schema
      maxItems?: number
    }
    expect(offers.maxItems).toBe(40)
    expect(offers.items?.properties?.priceFen).toMatchObject({ type: 'integer', minimum: 1 })
    expect(opened?.responses['200']?.content?.['application/json']?.schema.properties).toHaveProperty('offers')
    const limit = document.paths['/api/places/compounds']?.get?.parameters.find((each) => each.name === 'limit')
    expect(limit).toMatchObject({ required: false, schema: { type: 'integer', minimum: 1, maximum: 100 } })
    const exported = operations(document).find(({ path }) => path.endsWith('/ledger.csv'))
    expect(Object.keys(exported?.operation.responses['200']?.content ?? {})).toEqual(['text/csv'])
  })

  it('is made of the contracts and nothing else', () => {
    const one = openApiOf({ system: [getHealth] }) as Document
    expect(Object.keys(one.paths)).toEqual(['/api/health'])
  })
})

describe('health', () => {
  it('is ok when both tables answer', async () => {
    expect(await call(system, getHealth)).toMatchObject({ status: 200, body: { status: 'ok' } })
  })

  it('is busy, with a time to come back, when the engine does not answer in time', async () => {
    vi.spyOn(TableClient.prototype, 'send').mockImplementation((() => new Promise(() => undefined)) as never)
    const startedMs = performance.now()
    const answer = await call(system, getHealth)
    expect(answer).toMatchObject({ status: 503, body: { code: 'BUSY' } })
    expect(answer.headers['retry-after']).toBeDefined()
    expect(performance.now() - startedMs).toBeLessThan(4_000)
  })

  it.each(['MARKET_TABLE', 'LEDGER_TABLE'])('is busy when the table of %s is not there', async (name) => {
    const table = process.env[name]
    process.env[name] = 'no-such-table'
    const answer = await call(system, getHealth)
    process.env[name] = table
    expect(answer).toMatchObject({ status: 503, body: { code: 'BUSY' } })
    expect((await call(system, getHealth)).status).toBe(200)
  })
})

const operationIds = [
  'listCompounds',
  'getCompound',
  'listCommunities',
  'listVillages',
  'listPairings',
  'getMe',
  'claimHousehold',
  'listHouseholdMembers',
  'verifyHouseholdMember',
  'viewPhone',
  'importPlaces',
  'listListings',
  'saveListing',
  'listGroupBuys',
  'getGroupBuy',
  'openGroupBuy',
  'listCoopGroupBuys',
  'listPairedCompounds',
  'listMyOrders',
  'placeOrder',
  'getOrder',
  'cancelOrder',
  'startCheckout',
  'refundOrder',
  'receiveWebhook',
  'getFund',
  'getHealth',
  'getOpenApi',
] as const
