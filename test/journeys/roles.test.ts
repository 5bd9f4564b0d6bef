import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routesByContext } from '#shared/contracts/index.ts'
import { PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'
import { pngOf } from '../fixtures/pictures.ts'
import { theSystem, type TheSystem } from '../fixtures/system.ts'
import { verifiedNewcomer } from './newcomer.ts'

/**
 * Goal: nobody gets at what is not theirs, on any route. Method: every route of the contracts, asked over real HTTP with
 * real tokens by every kind of person, for an object of their own scope and of a foreign one. `ok` stands for every answer
 * that is not 401, 403 or 404: the caller was let in.
 */
const callers = [
  'nobody',
  'resident-1',
  'resident-2',
  'coop-1',
  'coop-2',
  'worker-1',
  'worker-2',
  'admin-1',
  'demo-1',
] as const
/**
 * Building leaders, whom worker-1 and worker-2 appoint: of the building that is asked about, of the next one in the same
 * compound, and of another compound.
 */
const leaders = ['leader', 'leader next door', 'leader elsewhere'] as const
/** The bookkeeper of the host charity, who may what anybody signed in may, and what is the charity's. */
const CHARITY = 'charity-1'
/** Who decides about the fund of the first community: one of its committee, and its supervisor. */
const deciders = ['committee-1', 'supervisor-1'] as const
/** Who do what residents ask for: the body that has the matter that is asked about, and one of the whole district. */
const bodies = ['property-1', 'office-1'] as const
const everybody = [...callers, ...leaders, CHARITY, ...deciders, ...bodies] as const
type Caller = (typeof everybody)[number]
/** Beside them a resident of resident-1's compound whom no worker has confirmed. */
type Asking = Caller | 'newcomer'
type Expected = 'ok' | 401 | 403 | 404
/** In the order of `callers`. Objects belong to the first of each pair: resident-1, coop-1, worker-1. */
type Row = readonly [Expected, Expected, Expected, Expected, Expected, Expected, Expected, Expected, Expected]

const ALL: Row = ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']
const SIGNED_IN: Row = [401, 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']
const RESIDENTS: Row = [401, 'ok', 'ok', 403, 403, 403, 403, 403, 403]
const THE_BUYER: Row = [401, 'ok', 404, 403, 403, 403, 403, 403, 403]
/** A private matter is nobody's but its reporter's. */
const THE_NEIGHBOUR: Row = [401, 404, 404, 403, 403, 403, 403, 403, 403]
const THE_HOUSEHOLD: Row = [401, 'ok', 404, 403, 403, 404, 404, 403, 403]
const NOWHERE: Row = [404, 404, 404, 404, 404, 404, 404, 404, 404]
const THE_COOP: Row = [401, 403, 403, 'ok', 403, 403, 403, 'ok', 403]
/** A group buy of another co-op does not exist for what only its own may do. */
const THE_COOPS_OWN: Row = [401, 403, 403, 'ok', 404, 403, 403, 'ok', 403]
const THE_WORKER: Row = [401, 403, 403, 403, 403, 'ok', 403, 'ok', 403]
/** Their own alone, whichever community they work in. */
const EVERY_WORKER: Row = [401, 403, 403, 403, 403, 'ok', 'ok', 403, 403]
/** A pick-up counter of another community does not exist. */
const THE_COUNTER: Row = [401, 403, 403, 403, 403, 'ok', 404, 'ok', 403]
/** Its own workers, and nobody for them. */
const THE_TILL: Row = [401, 403, 403, 403, 403, 'ok', 404, 403, 403]
/** A room of the first building. */
const OF_THE_BUILDING: LeadersRow = ['ok', 404, 404]
/** For bodies or the charity alone. */
const NOBODY_OF_THESE: Row = [401, 403, 403, 403, 403, 403, 403, 403, 403]
const ADMINS: Row = [401, 403, 403, 403, 403, 403, 403, 'ok', 403]
/** What is asked about does not exist. */
const ADMINS_NONE: Row = [401, 403, 403, 403, 403, 403, 403, 404, 403]
/** Signed by a member of the co-op and by nobody for it; what is asked about does not exist. */
const COOP_MEMBERS: Row = [401, 403, 403, 404, 404, 403, 403, 403, 403]

/** A subscription that nobody has. `test/functions/hooks-desk.test.ts` asks everybody about those that somebody has. */
const NO_HOOK: Row = [401, 403, 403, 404, 404, 404, 404, 404, 403]

/** A leader is a resident: beside what they may as such, they may do this. In the order of `leaders`. */
type LeadersRow = readonly [Expected, Expected, Expected]
type Probe = {
  row: Row
  /** Who asks for resident-1 where the answer changes what other journeys of resident-1 are looking at. */
  residentOne?: 'newcomer'
  leaders?: LeadersRow
  charity?: Expected
  /** In the order of `deciders`. */
  deciders?: readonly [Expected, Expected]
  /** In the order of `bodies`. */
  bodies?: readonly [Expected, Expected]
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
}

const COMPOUND = 'c-371502001001-01'
const COMMUNITY = '371502001001'
const VILLAGE = '371502100265'
const COOP = `coop-${VILLAGE}`

const LISTING = {
  version: 0,
  name: '试验番茄',
  category: 'solanaceous',
  picture: 'tomato',
  saleUnit: { by: 'weight', portionGrams: 500 },
  priceFen: 500,
  temperatureZone: 'ambient',
  state: 'paused',
}

let system: TheSystem
const tokens = new Map<Asking, string | undefined>()
let orderId = ''
/** Of the leader of the building, and looked at by nobody yet. */
const proposalId = randomUUID()
/** Of the leader of the building, private, at property-1. */
const matterId = randomUUID()
let groupBuyId = ''
let member = { householdId: '', memberId: '' }

beforeAll(async () => {
  system = await theSystem()
  for (const caller of [...callers, CHARITY, ...deciders, ...bodies] as const)
    tokens.set(caller, caller === 'nobody' ? undefined : await system.token(caller))
  await aNewcomer('newcomer', { compoundId: COMPOUND, building: '1', unit: '1', room: '101' })
  const far = ((await (await ask('resident-2', 'GET', '/api/places/me')).json()) as { memberships: Place[] })
    .memberships
  const elsewhere = far.find(({ compoundId }) => compoundId !== undefined)?.compoundId ?? ''
  await aLeader('leader', { compoundId: COMPOUND, building: '1' }, 'worker-1')
  await aLeader('leader next door', { compoundId: COMPOUND, building: '2' }, 'worker-1')
  await aLeader('leader elsewhere', { compoundId: elsewhere, building: '1' }, 'worker-2')
  expect((await ask('leader', 'PUT', `/api/proposals/${proposalId}`, proposalBody())).status).toBe(200)
  await aPrivateMatter()
  const open = (await (await ask('nobody', 'GET', `/api/group-buys?compoundId=${COMPOUND}&with=offers`)).json()) as {
    items: {
      groupBuyId: string
      offers: { offerId: string; priceFen: number; perHouseholdLimit: number; left: number }[]
    }[]
  }
  const choice = open.items.flatMap((groupBuy) =>
    groupBuy.offers.map((offer) => ({ groupBuyId: groupBuy.groupBuyId, ...offer })),
  )
  const offer = choice.find((each) => each.left > 20 && each.priceFen * each.perHouseholdLimit >= 400)
  if (offer === undefined) throw new Error('nothing to order')
  groupBuyId = offer.groupBuyId
  orderId = randomUUID()
  const quantity = Math.ceil(400 / offer.priceFen)
  const placed = await ask('resident-1', 'PUT', `/api/orders/${orderId}`, {
    lines: [{ groupBuyId, offerId: offer.offerId, quantity }],
  })
  expect(placed.status).toBe(200)
  const members = (await (
    await ask('worker-1', 'GET', `/api/places/compounds/${COMPOUND}/household-members?limit=100`)
  ).json()) as {
    items: (typeof member & { phoneMasked?: string })[]
  }
  member = members.items.find((each) => each.phoneMasked !== undefined) ?? member
  // By a worker: what a leader has confirmed another row could take back.
  const { householdId, memberId } = member
  await ask('worker-1', 'POST', `/api/places/households/${householdId}/members/${memberId}/verification`)
}, 240_000)
afterAll(() => system.close())

type Place = { compoundId?: string }
type Room = { compoundId: string; building: string; unit: string; room: string }

const anAccount = () => `demo-${Math.floor(100_000 + Math.random() * 800_000)}`

async function aNewcomer(caller: Asking, room: Room): Promise<void> {
  tokens.set(caller, await system.token(anAccount()))
  const claim = { ...room, consentVersion: PRIVACY_NOTICE_VERSION, phone: '00000000000' }
  expect((await ask(caller, 'PUT', '/api/places/me/household', claim)).status).toBe(200)
}

/** Somebody who moves in, is verified, and appointed by the worker. */
async function aLeader(caller: Caller, place: { compoundId: string; building: string }, worker: Caller): Promise<void> {
  tokens.set(caller, await system.token(anAccount()))
  const { householdId, memberId } = await verifiedNewcomer(
    (method, path, as, body) => ask(as === 'worker' ? worker : caller, method, path, body),
    { ...place, unit: '2', room: '502' },
  )
  const path = `/api/places/households/${householdId}/members/${memberId}/leadership`
  expect((await ask(worker, 'PUT', path, { knownAs: '李楼长' })).status).toBe(200)
}

function ask(caller: Asking, method: string, path: string, body?: unknown): Promise<Response> {
  const token = tokens.get(caller)
  return fetch(system.url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** What each route is asked with. A route that is missing here fails the test below: none is forgotten. */
function probes(): Record<string, Probe> {
  const compound = { compoundId: COMPOUND }
  const order = { orderId }
  const foreignPerson = { ...member }
  return {
    listCompounds: { row: ALL },
    getCompound: { row: ALL, params: compound },
    listCommunities: { row: ALL },
    listVillages: { row: ALL },
    listPairings: { row: ALL, query: { communityId: COMMUNITY } },
    listBodies: { row: ALL, query: { communityId: COMMUNITY } },
    listGrids: { row: ALL, query: { communityId: COMMUNITY } },
    listMyGrids: { row: EVERY_WORKER },
    listAgreements: { row: ALL, params: { communityId: COMMUNITY } },
    getAgreement: { row: ALL, params: { communityId: COMMUNITY, villageId: VILLAGE, version: '1' } },
    getMe: { row: SIGNED_IN },
    claimHousehold: { row: SIGNED_IN, body: {} },
    listHouseholdMembers: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 'ok', 403],
      leaders: [403, 403, 404],
      params: compound,
    },
    verifyHouseholdMember: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      params: foreignPerson,
    },
    // Verified by a worker: whoever may is told so, and the member stays.
    rejectHouseholdMember: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      params: foreignPerson,
      body: { reason: '查无此户' },
    },
    confirmNeighbour: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      leaders: OF_THE_BUILDING,
      params: foreignPerson,
      body: { code: '0000' },
    },
    viewPhone: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      params: foreignPerson,
      body: { reason: '核对住户' },
    },
    listLeaders: { row: THE_COUNTER, params: compound },
    appointLeader: { row: THE_TILL, params: foreignPerson, body: { knownAs: '李楼长' } },
    endLeader: { row: THE_TILL, params: foreignPerson },
    importPlaces: { row: ADMINS, body: { rows: [{}] } },
    listListings: { row: THE_COOP, params: { coopId: COOP } },
    saveListing: { row: THE_COOP, params: { coopId: COOP, listingId: 'probe' }, body: LISTING },
    importListings: {
      row: THE_COOP,
      params: { coopId: COOP },
      body: {
        check: true,
        rows: [{ row: 2, name: '试验', saleUnit: { by: 'piece', pieceLabel: '个' }, priceFen: 100 }],
      },
    },
    listGroupBuys: { row: ALL, query: compound },
    getGroupBuy: { row: ALL, params: { groupBuyId } },
    openGroupBuy: { row: THE_COOP, params: { groupBuyId: 'gb-x' }, body: openBody() },
    listCoopGroupBuys: { row: THE_COOP, params: { coopId: COOP } },
    listPairedCompounds: { row: THE_COOP, params: { coopId: COOP } },
    listRepeats: { row: THE_COOP, params: { coopId: COOP } },
    repeatGroupBuy: { row: THE_COOPS_OWN, params: { groupBuyId }, body: { weeks: 1 } },
    stopRepeating: { row: THE_COOPS_OWN, params: { groupBuyId } },
    getPurchaseOrder: { row: THE_COOPS_OWN, params: { groupBuyId } },
    listDeliveries: { row: [401, 403, 403, 'ok', 404, 'ok', 404, 'ok', 403], params: { ...compound, groupBuyId } },
    // Refused, for the group buy is still open; to other co-ops and communities it does not exist.
    announceDelivery: {
      row: THE_COOPS_OWN,
      params: { ...compound, groupBuyId, pickUpPointId: 'point' },
      body: { version: 0, lines: [] },
    },
    listCertificates: { row: ALL, params: { groupBuyId } },
    // Refused likewise.
    issueCertificate: {
      row: THE_COOPS_OWN,
      params: { groupBuyId, offerId: 'x' },
      body: {
        ...{ version: 0, harvestedOn: '2026-01-01', portions: 1, bases: ['own-test'] },
        ...{ origin: '村', contact: '0635' },
      },
    },
    checkDelivery: {
      row: THE_COUNTER,
      params: { ...compound, groupBuyId, pickUpPointId: 'point' },
      body: { version: 0, lines: [] },
    },
    getWeighIn: { row: THE_COUNTER, params: { ...compound, groupBuyId } },
    saveWeights: {
      row: THE_COUNTER,
      params: { ...compound, groupBuyId },
      body: { weights: [{ orderId: randomUUID(), lineId: '1-1', grams: 500 }] },
    },
    finishWeighing: { row: THE_COUNTER, params: { ...compound, groupBuyId } },
    placeOrder: { row: RESIDENTS, params: { orderId: randomUUID() }, body: {} },
    // Told that there is no such offer; to workers of other communities the compound does not exist, nor the building to
    // leaders of others.
    placeOrderFor: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      leaders: OF_THE_BUILDING,
      params: { ...compound, orderId: randomUUID() },
      body: {
        ...{ building: '1', unit: '1', room: '101', placerName: '王姐' },
        lines: [{ groupBuyId: 'gb-x', offerId: 'x', quantity: 1 }],
      },
    },
    findHousehold: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      leaders: OF_THE_BUILDING,
      params: compound,
      query: { building: '1', unit: '1', room: '101' },
    },
    findUnpaidOrders: { row: THE_TILL, params: compound, query: { building: '1', unit: '1', room: '101' } },
    // The one next door gets their own list, which is empty.
    listPlacedFor: { row: THE_COUNTER, leaders: ['ok', 'ok', 404], params: compound },
    getOrder: { row: [401, 'ok', 404, 404, 404, 'ok', 404, 'ok', 404], params: order },
    listMyOrders: { row: RESIDENTS },
    // Workers may, of what they placed for a household; this one they did not.
    cancelOrder: { row: THE_HOUSEHOLD, params: order },
    makePayLink: { row: THE_HOUSEHOLD, params: order },
    withdrawPayLink: { row: THE_HOUSEHOLD, params: order },
    holdLonger: { row: THE_HOUSEHOLD, params: order },
    // Nobody made such a link; nobody learns more.
    getPayLink: { row: NOWHERE, params: { token: 'a'.repeat(43) } },
    payByLink: { row: NOWHERE, params: { token: 'a'.repeat(43) } },
    listCompoundShares: { row: THE_WORKER, params: { ...compound, groupBuyId } },
    getSortingSheet: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 'ok', 403],
      params: { ...compound, groupBuyId },
    },
    findPickUps: { row: THE_COUNTER, params: compound, query: { code: '000000' } },
    getCounter: { row: THE_COUNTER, params: compound },
    listCounterOrders: { row: THE_COUNTER, params: compound },
    listUncollected: { row: THE_COUNTER, params: { ...compound, groupBuyId } },
    collectShares: { row: THE_COUNTER, params: order, body: { pickUpId: randomUUID() } },
    // Nothing was handed out: whom it concerns is told that there is no such pick-up.
    undoPickUp: {
      row: [401, 403, 403, 403, 403, 404, 404, 404, 403],
      params: { ...order, pickUpId: randomUUID() },
      body: { reason: '给错了人' },
    },
    startCheckout: { row: THE_BUYER, params: order },
    refundOrder: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      params: order,
      body: { refundId: randomUUID(), reason: 'refund' },
    },
    // Refused, for it is not paid; to everybody but its buyer it does not exist.
    giveBack: {
      row: [401, 'ok', 404, 404, 404, 404, 404, 404, 404],
      params: order,
      body: { giveBackId: randomUUID(), lines: [{ saleId: 'nothing', lineId: '1-1', portions: 1 }] },
    },
    // Refused likewise; a family member sees it as its buyer does.
    fileClaim: {
      row: [401, 'ok', 404, 404, 404, 404, 404, 404, 404],
      params: { ...order, claimId: randomUUID() },
      body: { saleId: 'nothing', lines: [{ lineId: '1-1', portions: 1 }], reason: 'broken' },
    },
    listClaims: { row: THE_COUNTER, params: compound },
    listGroupBuyClaims: { row: THE_COOPS_OWN, params: { groupBuyId } },
    // Nothing was claimed: whom it concerns is told that there is no such claim.
    decideClaim: {
      row: [401, 403, 403, 403, 403, 404, 404, 404, 403],
      params: { ...order, claimId: randomUUID() },
      body: { decision: 'decline', words: '照片上是好的' },
    },
    listDoors: { row: THE_COUNTER, params: compound },
    saveDoor: {
      row: THE_TILL,
      params: compound,
      body: { building: '1', unit: '1', room: '101', volunteer: '王姐', consent: true },
    },
    endDoor: { row: THE_TILL, params: { ...compound, householdId: `${COMPOUND}.1.1.101` } },
    takeCash: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      params: { ...order, moveId: randomUUID() },
      body: { amountFen: 1, byName: '王姐' },
    },
    // Nothing was refunded: whom it concerns is told that there is no such refund.
    handBackCash: {
      row: [401, 403, 403, 403, 403, 404, 404, 404, 403],
      params: { ...order, refundId: 'none', moveId: randomUUID() },
      body: { receivedBy: 'buyer', byName: '王姐' },
    },
    listCashDue: { row: THE_COUNTER, params: { communityId: COMMUNITY } },
    listCashTills: { row: ADMINS },
    getCashTill: { row: THE_COUNTER, params: { communityId: COMMUNITY } },
    getCashDay: { row: THE_COUNTER, params: { communityId: COMMUNITY, day: '2026-01-05' } },
    countCash: {
      row: THE_TILL,
      params: { communityId: COMMUNITY, countId: randomUUID() },
      body: { version: 9_999, countedFen: 0, byName: '王姐' },
    },
    bankCash: {
      row: THE_COUNTER,
      params: { communityId: COMMUNITY, moveId: randomUUID() },
      body: { amountFen: 1, bankReference: 'PROBE-2', bankedOn: '2026-01-05', byName: '王姐' },
    },
    bringInCash: {
      row: THE_COUNTER,
      params: { communityId: COMMUNITY, moveId: randomUUID() },
      body: { amountFen: 1, words: '零钱', byName: '王姐' },
    },
    receiveWebhook: { row: ALL, body: {} },
    listParkedMoney: { row: ADMINS },
    closeParkedMoney: {
      row: [401, 403, 403, 403, 403, 403, 403, 404, 403],
      params: { parkedId: 'pi_nobody' },
      body: { note: '已处理' },
    },
    reconcilePayments: { row: ADMINS, body: {} },
    getReconciliation: { row: ADMINS },
    putPhoto: {
      row: THE_COOP,
      params: { photoId: randomUUID() },
      body: { for: { kind: 'listing', coopId: COOP }, photo: Buffer.from(pngOf(4, 4)).toString('base64') },
    },
    // There is no such photo; nobody learns more.
    getPhoto: { row: NOWHERE, params: { photoId: randomUUID() } },
    getClaimPhoto: { row: [401, 404, 404, 404, 404, 404, 404, 404, 404], params: { photoId: randomUUID() } },
    listNotices: { row: SIGNED_IN },
    countUnreadNotices: { row: SIGNED_IN },
    // A notice of nobody: whoever asks is told that there is none.
    readNotice: {
      row: [401, 404, 404, 404, 404, 404, 404, 404, 404],
      params: { noticeId: '1700000000000.arrived.nothing' },
    },
    // It reads all that they have: on this system another journey may be waiting for a notice of resident-1 that is new.
    readAllNotices: { row: SIGNED_IN, residentOne: 'newcomer' },
    getReminder: { row: RESIDENTS, params: { groupBuyId } },
    askReminder: { row: RESIDENTS, params: { groupBuyId } },
    dropReminder: { row: RESIDENTS, params: { groupBuyId } },
    getNoticeSettings: { row: SIGNED_IN },
    // Refused, for there is neither an address nor a mail server here; whoever asks is told the same.
    saveNoticeSettings: { row: SIGNED_IN, body: { email: true, messages: false, kinds: [] } },
    sendEmailCode: { row: SIGNED_IN, body: { address: 'nobody@mail.test' } },
    confirmEmail: { row: SIGNED_IN, body: { code: '000000' } },
    dropEmail: { row: SIGNED_IN },
    getFund: { row: ALL, params: compound },
    listEntries: { row: ALL, params: compound },
    exportLedgerJsonl: { row: ALL, params: compound },
    exportLedgerCsv: { row: ALL, params: compound },
    // A month that is over is everybody's.
    getFundStatement: { row: ALL, params: { ...compound, period: '2026-01' } },
    listFundStatements: { row: ALL, params: compound },
    getFundInflow: { row: ALL, params: compound, query: { span: 'month' } },
    sumFundInflow: { row: ALL, params: compound, query: { fromDay: '2026-01-01', toDay: '2026-01-31' } },
    getCharityFund: { row: ALL },
    getCommunityFund: { row: ALL, params: { communityId: COMMUNITY } },
    listFundDays: { row: ALL, params: compound },
    listDayRoots: { row: ALL },
    // No night has passed yet.
    getDayRoot: { row: NOWHERE, params: { day: '2026-01-01' } },
    reconcileFund: { row: THE_WORKER, params: compound },
    listFundAlerts: { row: THE_WORKER, params: compound },
    listManualEntries: { row: THE_WORKER, charity: 'ok', params: compound },
    listOpenManualEntries: { row: ADMINS, charity: 'ok' },
    // Nothing was posted by hand, and what is proposed of a day to come is refused.
    getManualEntryReason: { row: NOWHERE, params: { ...compound, seq: '1' } },
    proposeManualEntry: {
      row: ADMINS,
      charity: 'ok',
      params: { ...compound, manualEntryId },
      body: {
        ...{ kind: 'correction', direction: 'in', amountFen: 1 },
        ...{ occurredOn: '2999-01-01', reason: '查一查权限', voucherNumber: 'PROBE-1' },
      },
    },
    approveManualEntry: {
      row: ADMINS_NONE,
      charity: 404,
      params: { ...compound, manualEntryId },
      body: { amountFen: 1 },
    },
    dropManualEntry: {
      row: ADMINS_NONE,
      charity: 404,
      params: { ...compound, manualEntryId },
      body: { words: '不记了' },
    },
    payProject: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      charity: 'ok',
      params: { ...compound, proposalId },
      body: { amountFen: 1, bankReference: 'PROBE-9', paidOn: '2026-01-01' },
    },
    askPaymentChecks: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      charity: 'ok',
      params: { ...compound, proposalId },
      body: { amountFen: 1, paidOn: '2026-01-01' },
    },
    traceSale: { row: NOWHERE, charity: 404, params: { ...compound, saleId: 'none' } },
    listProposals: { row: ALL, query: compound },
    listOpenProposals: {
      row: [401, 403, 403, 403, 403, 'ok', 403, 'ok', 403],
      charity: 'ok',
      deciders: ['ok', 'ok'],
      query: { communityId: COMMUNITY },
    },
    // Before a worker has looked at it, it exists for its author and for staff.
    getProposal: {
      row: [404, 404, 404, 404, 404, 'ok', 404, 'ok', 404],
      leaders: ['ok', 404, 404],
      charity: 'ok',
      deciders: ['ok', 'ok'],
      params: { proposalId },
    },
    propose: {
      row: [401, 'ok', 403, 403, 403, 'ok', 403, 403, 403],
      leaders: ['ok', 'ok', 403],
      deciders: ['ok', 403],
      params: { proposalId: randomUUID() },
      body: proposalBody(),
    },
    // The worker's act makes it public: residents are asked after them, and see it.
    actOnProposal: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      leaders: [403, 404, 404],
      deciders: [403, 403],
      params: { proposalId },
      body: { act: 'triage' },
    },
    castVote: {
      row: RESIDENTS,
      deciders: ['ok', 403],
      params: { proposalId },
      body: { electorate: 'committee', choice: 'yes' },
    },
    enterPaperBallot: {
      row: [401, 403, 403, 403, 403, 'ok', 403, 403, 403],
      deciders: ['ok', 'ok'],
      params: { proposalId },
      body: { building: '1', unit: '1', room: '101', choice: 'yes' },
    },
    listPaperBallots: {
      row: [401, 403, 403, 403, 403, 'ok', 403, 403, 403],
      deciders: ['ok', 'ok'],
      params: { proposalId },
    },
    listMatters: { row: ALL, query: compound },
    listMyMatters: { row: RESIDENTS, query: { which: 'raised' } },
    listMattersOfBody: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      bodies: ['ok', 403],
      query: { bodyId: `property-${COMMUNITY}` },
    },
    listOpenMatters: { row: THE_WORKER, deciders: [403, 'ok'], query: { communityId: COMMUNITY } },
    getMatterFigures: { row: ALL, query: compound },
    getMatterPhoto: { row: NOWHERE, params: { matterId, photoId: randomUUID() } },
    getMatter: {
      row: [404, 404, 404, 404, 404, 'ok', 404, 'ok', 404],
      leaders: OF_THE_BUILDING,
      deciders: [404, 'ok'],
      bodies: ['ok', 404],
      params: { matterId },
    },
    raiseMatter: {
      row: [401, 'ok', 403, 403, 403, 403, 403, 403, 403],
      leaders: ['ok', 'ok', 403],
      params: { matterId: randomUUID() },
      body: matterBody(),
    },
    actOnMatter: {
      row: [401, 404, 404, 403, 403, 403, 404, 403, 403],
      // Its reporter, who does not do the work.
      leaders: [403, 404, 404],
      bodies: ['ok', 404],
      params: { matterId },
      body: { act: 'accept' },
    },
    followMatter: { row: THE_NEIGHBOUR, leaders: OF_THE_BUILDING, params: { matterId }, body: { following: true } },
    rateMatter: {
      row: [401, 404, 404, 403, 403, 403, 404, 403, 403],
      leaders: OF_THE_BUILDING,
      params: { matterId },
      body: { answered: true, solved: true, score: 5 },
    },
    importHotline: {
      row: [401, 403, 403, 403, 403, 'ok', 403, 403, 403],
      body: { communityId: COMMUNITY, rows: [{}] },
    },
    // Nobody asked for that aid. `test/functions/aid.test.ts` asks everybody about a case that is one.
    raiseAid: {
      row: [401, 'ok', 'ok', 403, 403, 403, 403, 403, 403],
      leaders: ['ok', 'ok', 'ok'],
      params: aidCase,
      body: {
        ...{ category: 'other', why: '没有同意书，什么也不保存。', askedFen: 100, payee: '本人' },
        ofChild: false,
      },
    },
    listMyAid: { row: RESIDENTS },
    listAidToDo: {
      row: [401, 403, 403, 403, 403, 'ok', 404, 403, 403],
      charity: 'ok',
      deciders: ['ok', 'ok'],
      query: { communityId: COMMUNITY },
    },
    listAidSlips: { row: ALL, query: compound },
    getAid: { row: [401, 404, 404, 404, 404, 404, 404, 404, 404], params: aidCase },
    readAid: {
      row: [401, 403, 403, 403, 403, 404, 404, 403, 403],
      charity: 404,
      deciders: [404, 403],
      params: aidCase,
    },
    actOnAid: {
      row: [401, 404, 404, 403, 403, 404, 404, 403, 403],
      deciders: [404, 403],
      params: aidCase,
      body: { act: 'withdraw' },
    },
    // Nobody froze a list of that quarter. `test/functions/rankings.test.ts` asks everybody about one that is.
    listRankings: { row: ALL, query: { communityId: COMMUNITY } },
    listRankingsOfBody: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      bodies: ['ok', 403],
      query: { bodyId: `property-${COMMUNITY}` },
    },
    getRanking: { row: NOWHERE, params: ranking },
    exportRanking: { row: NOWHERE, params: ranking },
    freezeRanking: { row: ADMINS, params: ranking },
    appealRanking: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      bodies: [404, 404],
      params: ranking,
      body: { ...rankingRow, note: '想请复核一下这个数字' },
    },
    decideAppeal: {
      row: ADMINS_NONE,
      deciders: [403, 404],
      params: ranking,
      body: { ...rankingRow, note: '查了受理记录，情况属实', upheld: false },
    },
    correctRanking: {
      row: ADMINS_NONE,
      deciders: [403, 404],
      params: ranking,
      body: { ...rankingRow, note: '回看发现有一批记错了', counts: { overdue: 0 } },
    },
    // No book is open in this compound's quarter of 2020. `test/functions/sunshine.test.ts` asks everybody about one that is.
    listDisclosures: { row: ALL, params: { compoundId: COMPOUND } },
    listSunshineTasks: {
      row: [401, 403, 403, 403, 403, 'ok', 403, 'ok', 403],
      charity: 403,
      bodies: [403, 403],
      query: { communityId: COMMUNITY },
    },
    getDisclosure: { row: NOWHERE, params: disclosure },
    exportPublication: { row: NOWHERE, params: { ...disclosure, version: '1' } },
    publishAccounts: {
      row: NOBODY_OF_THESE,
      bodies: [404, 404],
      params: disclosure,
      body: { version: 1, throughSeq: 0, bankFen: 0 },
    },
    correctFundAccounts: {
      row: NOBODY_OF_THESE,
      charity: 404,
      params: { disclosureId: `fund.2020-q1.${COMPOUND}` },
      body: { version: 2, note: '想说明一下这个数字' },
    },
    objectToDisclosure: {
      row: [401, 404, 404, 403, 403, 403, 403, 403, 403],
      leaders: [404, 404, 404],
      params: disclosure,
      body: { version: 1, text: '想请说明一下这个数字' },
    },
    answerDisclosureObjection: {
      row: NOBODY_OF_THESE,
      charity: 404,
      bodies: [404, 404],
      params: { ...disclosure, number: '1' },
      body: { text: '这笔钱在下一个季度里' },
    },
    insistOnObjection: {
      row: [401, 404, 404, 403, 403, 403, 403, 403, 403],
      leaders: [404, 404, 404],
      params: { ...disclosure, number: '1' },
      body: { text: '合同上写的不是这样的' },
    },
    ruleOnDisclosureObjection: {
      row: [401, 403, 403, 403, 403, 404, 404, 404, 403],
      params: { ...disclosure, number: '1' },
      body: { upheld: false, text: '查了凭证，情况不属实' },
    },
    listBooks: { row: NOBODY_OF_THESE, bodies: ['ok', 403], query: { bodyId: `property-${COMMUNITY}` } },
    getBook: {
      row: [401, 403, 403, 403, 403, 404, 404, 404, 403],
      bodies: [404, 404],
      params: { compoundId: 'c-nowhere' },
    },
    // Refused where it is let in: a book is not given to an owners' committee.
    openBook: {
      row: [401, 403, 403, 403, 403, 'ok', 403, 'ok', 403],
      params: { compoundId: COMPOUND },
      body: { bodyId: `owners-${COMMUNITY}`, firstQuarter: '2026-q1', openingFen: 0, openingNote: '查一查权限' },
    },
    recordEntry: {
      row: NOBODY_OF_THESE,
      bodies: [404, 404],
      params: { compoundId: 'c-nowhere', entryId: sunshineEntryId },
      body: {
        ...{ day: '2026-08-15', category: 'parking', amountFen: 1, text: '八月车位费' },
        ...{ voucher: '收-1', booking: 'in-time' },
      },
    },
    reverseEntry: {
      row: NOBODY_OF_THESE,
      bodies: [404, 404],
      params: { compoundId: 'c-nowhere', entryId: sunshineEntryId },
      body: { quarter: '2026-q3', seq: 1, text: '金额录错了', booking: 'in-time' },
    },
    exportVotes: { row: ALL, params: { proposalId } },
    getProjectPhoto: { row: NOWHERE, params: { proposalId, photoId: randomUUID() } },
    rateProposal: { row: RESIDENTS, params: { proposalId }, body: { score: 5 } },
    listDue: { row: ADMINS, charity: 'ok' },
    listRemittances: { row: ADMINS, charity: 'ok' },
    getRemittance: { row: ADMINS_NONE, charity: 404, params: remittance },
    listRemittanceLines: { row: ADMINS_NONE, charity: 404, params: remittance },
    // On a system where nothing is settled yet there is nothing to list.
    prepareRemittance: { row: ADMINS, params: { remittanceId: randomUUID() } },
    recordRemittanceTransfer: { row: ADMINS_NONE, params: remittance, body: slipBody() },
    returnRemittanceTransfer: {
      row: ADMINS_NONE,
      params: remittance,
      body: { bankReference: 'PROBE-1', words: '退回' },
    },
    confirmRemittance: {
      row: [401, 403, 403, 403, 403, 403, 403, 403, 403],
      charity: 404,
      params: remittance,
      body: { amountFen: 1, receiptNumber: 'PROBE-1', receivedOn: new Date().toISOString().slice(0, 10) },
    },
    dropRemittance: { row: ADMINS_NONE, params: remittance, body: { words: '不划了' } },
    listDonations: { row: THE_COOP, charity: 'ok', params: { coopId: COOP } },
    listStatements: { row: THE_COOP, params: { coopId: COOP } },
    listPayouts: { row: THE_COOP, params: { coopId: COOP } },
    listUnpaid: { row: ADMINS },
    // None is made as long as the group buy is open: whom it could concern is told that there is none.
    getStatement: { row: [401, 403, 403, 404, 404, 403, 403, 404, 403], params: { groupBuyId, part: '1' } },
    confirmStatement: { row: COOP_MEMBERS, params: { groupBuyId, part: '1' }, body: { version: 1 } },
    disputeStatement: { row: COOP_MEMBERS, params: { groupBuyId, part: '1' }, body: { version: 1, words: '不对' } },
    answerDispute: { row: ADMINS_NONE, params: { groupBuyId, part: '1' }, body: { version: 1, words: '对' } },
    reportMissing: {
      row: COOP_MEMBERS,
      params: { groupBuyId, part: '1' },
      body: { seenReports: 0, words: '没有到账' },
    },
    answerMissing: {
      row: ADMINS_NONE,
      params: { groupBuyId, part: '1' },
      body: { seenReports: 0, words: '已到账' },
    },
    preparePayout: {
      row: ADMINS,
      params: { payoutId: randomUUID() },
      body: { coopId: COOP, statements: [{ groupBuyId, part: 1 }] },
    },
    recordTransfer: { row: ADMINS_NONE, params: transferParams, body: { direction: 'out', ...slipBody() } },
    correctTransfer: {
      row: ADMINS_NONE,
      params: transferParams,
      body: { direction: 'out', ...slipBody(), words: '看错', seenCorrections: 0 },
    },
    voidTransfer: { row: ADMINS_NONE, params: transferParams, body: { words: '登记错了' } },
    extendPayout: {
      row: ADMINS_NONE,
      params: { payoutId: randomUUID() },
      body: { statements: [{ groupBuyId, part: 1 }] },
    },
    dropPayout: { row: ADMINS_NONE, params: { payoutId: randomUUID() }, body: { words: '不付了' } },
    listPaidCoops: { row: ADMINS },
    listUnstated: { row: THE_COOP, params: { coopId: COOP } },
    // Of one's own scope; of another one, or of none that exists, nothing is listed.
    listHooks: { row: THE_WORKER, query: { communityId: COMMUNITY } },
    // The address is none: whoever may is told so.
    addHook: {
      row: THE_WORKER,
      params: hook,
      body: {
        ...{ name: '查权限', url: 'ftp://x', types: ['sale.recorded.v1'] },
        scope: { kind: 'community', id: COMMUNITY },
      },
    },
    // There is none of that id; who could have one learns no more.
    getHook: { row: NO_HOOK, params: hook },
    changeHook: {
      row: NO_HOOK,
      params: hook,
      body: { version: 1, name: '查权限', url: 'ftp://x', types: ['sale.recorded.v1'] },
    },
    turnHook: { row: NO_HOOK, params: hook, body: { state: 'off' } },
    removeHook: { row: NO_HOOK, params: hook },
    rotateHookKeys: { row: NO_HOOK, params: hook, body: { old: 'stop' } },
    testHook: { row: NO_HOOK, params: hook },
    listChecks: { row: ADMINS },
    addCheck: {
      row: ADMINS,
      params: check,
      body: { name: '核验', url: 'https://10.0.0.1/check', scope: { kind: 'district' }, seconds: 5 },
    },
    turnCheck: { row: ADMINS_NONE, params: check, body: { state: 'off' } },
    removeCheck: { row: ADMINS_NONE, params: check },
    rotateCheckKeys: { row: ADMINS_NONE, params: check, body: { old: 'stop' } },
    tryCheck: { row: ADMINS_NONE, params: check },
    listQuestions: { row: ADMINS_NONE, params: check },
    listHookDeliveries: { row: NO_HOOK, params: hook },
    getHookDelivery: { row: NO_HOOK, params: hookDelivery },
    replayHookDelivery: { row: NO_HOOK, params: hookDelivery },
    replayHookRange: {
      row: NO_HOOK,
      params: hook,
      body: { fromAt: '2026-01-01T00:00:00.000Z', toAt: '2026-01-02T00:00:00.000Z', which: 'all' },
    },
    listEventTypes: { row: ALL },
    getHealth: { row: ALL },
    getOpenApi: { row: ALL },
  }
}

function openBody() {
  const [opensAt, closesAt, pickUpStartsAt, pickUpEndsAt] = [1, 2, 3, 4].map((days) =>
    new Date(Date.now() + days * 86_400_000).toISOString(),
  )
  const offers = [{ offerId: 'x', listingId: 'no-such-listing', priceFen: 100, stock: 1, perHouseholdLimit: 1 }]
  return {
    coopId: COOP,
    title: '测试',
    compoundIds: [COMPOUND],
    opensAt,
    closesAt,
    pickUpStartsAt,
    pickUpEndsAt,
    offers,
  }
}

function proposalBody() {
  return {
    ...{ compoundId: COMPOUND, title: '查一查权限的提案', purpose: 'environment' },
    why: '看看谁能看到、谁能改，别的什么也不做。',
    lines: [{ what: '权限检查', amountFen: 100 }],
  }
}

function matterBody() {
  return {
    ...{ compoundId: COMPOUND, channel: 'app', category: 'other', where: '楼下' },
    ...{ text: '看看谁能看到这件事。', photoIds: [], sharesAddress: false },
  }
}

async function aPrivateMatter(): Promise<void> {
  const done = async (caller: Asking, path: string, body: unknown) =>
    expect((await ask(caller, path === '' ? 'PUT' : 'POST', `/api/matters/${matterId}${path}`, body)).status).toBe(200)
  await done('leader', '', matterBody())
  await done('worker-1', '/acts', {
    ...{ act: 'triage', kind: 'help', visibility: 'private', title: '查一查权限' },
    ...{ where: '楼下', text: '看看谁能看到这件事。', photoIds: [] },
  })
  await done('worker-1', '/acts', { act: 'assign', leadId: `property-${COMMUNITY}`, termDays: 5, helperIds: [] })
}

const aidCase = { caseId: randomUUID() }
const remittance = { remittanceId: randomUUID() }
const ranking = { rankingId: `2020-q1.${COMMUNITY}` }
const disclosure = { disclosureId: `property.2020-q1.${COMPOUND}` }
const sunshineEntryId = randomUUID()
const rankingRow = { bodyId: `property-${COMMUNITY}`, compoundId: COMPOUND }
const hook = { hookId: randomUUID() }
const check = { checkId: randomUUID() }
const hookDelivery = { ...hook, deliveryId: `1700000000000.msg_${'0'.repeat(32)}` }
const manualEntryId = randomUUID()
const transferParams = { payoutId: randomUUID(), transferId: randomUUID() }
function slipBody() {
  return { amountFen: 1, bankReference: 'PROBE-1', transferredOn: new Date().toISOString().slice(0, 10) }
}

const routes = Object.values(routesByContext).flat()

function pathOf(path: string, probe: Probe): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(probe.params?.[name] ?? ''))
  return probe.query === undefined ? filled : `${filled}?${new URLSearchParams(probe.query).toString()}`
}

describe('every route lets in exactly those it is for', () => {
  it('and none is left out of this table', () => {
    expect(Object.keys(probes()).sort()).toEqual(routes.map((route) => route.name).sort())
  })

  // The buyer's own cancellation comes last: it ends the order that the others are asked about.
  const inOrder = [...routes].sort((a, b) => Number(a.name === 'cancelOrder') - Number(b.name === 'cancelOrder'))
  it.each(inOrder.map((route) => [route.name, route] as const))('%s', async (name, route) => {
    const probe = probes()[name]
    if (probe === undefined) throw new Error('no probe')
    const seen: Record<string, number | 'ok'> = {}
    // Strangers first, so that what the rightful caller changes cannot hide a leak.
    for (const caller of [...leaders, CHARITY, ...deciders, ...bodies, ...callers.toReversed()] as const) {
      const answer = await ask(
        caller === 'resident-1' ? (probe.residentOne ?? caller) : caller,
        route.method,
        pathOf(route.path, probe),
        route.method === 'GET' ? undefined : (probe.body ?? {}),
      )
      await answer.text()
      expect(answer.status, `${name} by ${caller}`).toBeLessThan(500)
      seen[caller] = [401, 403, 404].includes(answer.status) ? answer.status : 'ok'
    }
    const asResident = probe.row[callers.indexOf('resident-2')]
    const asAnybody = probe.row[callers.indexOf('demo-1')]
    expect(seen).toEqual({
      ...Object.fromEntries(callers.map((caller, at) => [caller, probe.row[at]])),
      ...Object.fromEntries(leaders.map((leader, at) => [leader, probe.leaders?.[at] ?? asResident])),
      [CHARITY]: probe.charity ?? asAnybody,
      ...Object.fromEntries(deciders.map((decider, at) => [decider, probe.deciders?.[at] ?? asAnybody])),
      ...Object.fromEntries(bodies.map((body, at) => [body, probe.bodies?.[at] ?? asAnybody])),
    })
  })
})

describe('a fund is seen live by the worker of its community, up to the last closed day by everybody else', () => {
  it.each(everybody.map((caller) => [caller]))('%s', async (caller) => {
    const fund = (await (await ask(caller, 'GET', `/api/funds/${COMPOUND}`)).json()) as { view: string }
    expect(fund.view).toBe(caller === 'worker-1' || caller === 'admin-1' ? 'live' : 'closed-days')
  })

  it('and a token that is not good is refused, not taken for nobody', async () => {
    const forged = await fetch(`${system.url}/api/funds/${COMPOUND}`, { headers: { authorization: 'Bearer x.y.z' } })
    expect(forged.status).toBe(401)
  })
})
