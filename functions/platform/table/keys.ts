/**
 * All keys of the `market` table, and the numbered access patterns they serve. Each PK starts with its context.
 *
 * | no. | who asks                               | how                                                              |
 * |-----|----------------------------------------|------------------------------------------------------------------|
 * | 1   | one place by id                        | get `PLACE#<kind>#<id>` / `PLACE`                                |
 * | 2   | all places of a kind, by town          | GSI1 `PLACE#ALL#<kind>`, SK town#community#id                    |
 * | 3   | a compound's buildings, pick-up points, households | query `PLACE#compound#<id>`, SK prefix `BUILDING#` `PICKUP#` `HOUSEHOLD#` |
 * | 4   | pairings of a community / of a village | query `PLACE#community#<id>` prefix `PAIRING#`; GSI1 `PLACE#VILLAGE-PAIRINGS#<village>` |
 * | 5   | a person's roles and consent           | query `PLACE#PERSON#<personId>`                                  |
 * | 6   | members and claims of a compound       | GSI1 `PLACE#COMPOUND-MEMBERS#<compound>`, SK state#…             |
 * | 7   | a co-op's listings                     | query `CATALOGUE#<coop>`, prefix `LISTING#`                      |
 * | 8   | one group buy with offers and stock    | query `GB#<groupBuy>`, SK up to `OFFER#~` (buy, buckets, compounds, offers), consistent |
 * | 9   | what is open for a compound, or handed out there | GSI1 `GB#COMPOUND#<compound>`, SK closesAt#id          |
 * | 10  | a co-op's group buys                   | GSI1 `GB#COOP#<coop>`, SK opensAt#id                             |
 * | 11  | group buys that a clock must act on     | GSI1 `GB#WATCH`, SK dueAt#id (bucket flip, settlement)           |
 * | 12  | an order with its lines, refunds and pick-ups | query `ORDER#<order>`                                     |
 * | 13  | shares of a group buy                  | query `GB#<groupBuy>`, prefix `SHARE#` (consistent)              |
 * | 14  | a person's orders                      | GSI1 `ORDER#PERSON#<personId>`, SK placedAt#id                   |
 * | 15  | unpaid orders past their time          | GSI1 `ORDER#PENDING#<0-7>`, SK expiresAt#id                      |
 * | 16  | a provider event without an order, once | get `PAYMENT#EVENT#<event>` / `EVENT`                            |
 * | 17  | parked money that is not zero yet      | GSI1 `PAYMENT#PARKED`, SK parkedAt#id                            |
 * | 18  | refunds not seen through               | GSI1 `PAYMENT#REFUNDS-OPEN`, SK decidedAt#id                     |
 * | 19  | events of a compound and Shanghai day  | query `EVENT#<compound>#<day>` (consistent)                      |
 * | 20  | a job's own bookmark                   | get `JOB#<name>` / `JOB`                                         |
 * | 21  | what a compound handed out on a Shanghai day | GSI1 `ORDER#PICK-UPS#<compound>#<day>`, SK at#id           |
 * | 22  | deliveries of a group buy, of a compound, with what is short | query `GB#<groupBuy>`, prefix `P-DELIVERY#` `P-SHORT#` (consistent) |
 * | 23  | checks and weighings that are not carried out yet | GSI1 `GB#DELIVERIES-OPEN`, SK decidedAt#ids  |
 * | 24  | a co-op's repeated group buys, and their weeks | query `GB#REPEATS#<coop>`, prefix `ON#` `WEEK#` |
 * | 25  | repeated group buys whose next edition is due | GSI1 `GB#REPEATS-DUE`, SK dueAt#id           |
 * | 26  | certificates of a group buy's batches  | query `GB#<groupBuy>`, prefix `P-CERTIFICATE#` (consistent)      |
 * | 40  | an order's claims                      | query `ORDER#<order>`, prefix `CLAIM#` (consistent; part of 12)  |
 * | 41  | claims of a compound to be decided     | GSI1 `CLAIM#OPEN#<compound>`, SK filedAt#id                      |
 * | 42  | claims of a compound that are decided  | GSI1 `CLAIM#DECIDED#<compound>`, SK decidedAt#id                 |
 * | 43  | claims about the goods of a group buy  | query `GB#<groupBuy>`, prefix `P-CLAIM#`, SK filedAt#id          |
 * | 60  | statements of a group buy, and its watch | query `SETTLEMENT#<groupBuy>`, between `A#` and `STATEMENT#~` (consistent) |
 * | 61  | rows of a statement's version, what happened to it | get `SETTLEMENT#<groupBuy>` / `V-ROWS#<part>#<version>`; query prefix `V-STEP#<part>#` |
 * | 62  | group buys whose statement must be looked at | GSI1 `SETTLEMENT#WATCH`, SK dueAt#id                       |
 * | 63  | a co-op's statements                   | GSI1 `SETTLEMENT#COOP#<coop>`, SK madeAt#id#part                 |
 * | 64  | statements that are not paid, or said not to have come | GSI1 `SETTLEMENT#UNPAID`, SK coop#madeAt#id#part                 |
 * | 65  | a payout by id, a transfer's number    | get `SETTLEMENT#PAYOUT#<payout>` / `PAYOUT`; get `SETTLEMENT#BANK#<number>` / `BANK` |
 * | 66  | payouts of a co-op                     | GSI1 `SETTLEMENT#PAYOUTS#<co-op>`, SK rank#preparedAt#id: what waits comes first |
 * | 67  | co-ops that were ever paid             | GSI1 `SETTLEMENT#PAID-COOPS`, SK lastPreparedAt#co-op           |
 * | 68  | which group buys of a co-op have no statement | GSI1 `GB#COOP#<co-op>`, then get `STATEMENT#001`, `A#WATCH` of each |
 * | 69  | latest claims about a group buy        | query `GB#<id>`, prefix `P-CLAIM#` (consistent)                  |
 * | 70  | what a household or a person is told   | query `NOTICE#<inbox>`, SK its id, which begins with its moment (consistent) |
 * | 71  | what a person has read of it           | query `NOTICE#READ#<personId>`, SK the same ids (consistent)     |
 * | 72  | who is to be reminded of a closing     | query `NOTICE#REMINDERS#<groupBuy>`, SK personId                 |
 * | 73  | whether reminders of a group buy went out | get `NOTICE#REMINDED#<groupBuy>` / kind                       |
 * | 74  | how a person wants to be told, and an address to be confirmed | query `NOTICE#SETTINGS#<personId>`, SK `SETTINGS` `EMAIL` (consistent) |
 * | 75  | a message that leaves the app, once for each notice and channel | get `NOTICE#OUT#<personId>` / id#channel |
 * | 76  | notices that nobody was looked for yet whom to send them | GSI1 `NOTICE#UNSENT#<0-7>`, SK id#inbox |
 * | 77  | messages that are due to be sent       | GSI1 `NOTICE#OUT-DUE`, SK nextAt#ids                             |
 * | 78  | addresses whose code has run out       | GSI1 `NOTICE#CODES`, SK expiresAt#personId                       |
 * | 79  | members of a co-op                     | GSI1 `PLACE#COOP-MEMBERS#<coop>`, SK memberId                   |
 * | 80  | which order a pay-for-me link is for   | get `PAYMENT#LINK#<hash of its token>` / `LINK`                  |
 * | 81  | the unpaid order of a household that is held longer | get `ORDER#HOLD#<household>` / `HOLD`               |
 * | 82  | orders that were placed for a household | GSI1 `ORDER#HOUSEHOLD#<household>`, SK placedAt#id              |
 * | 83  | orders that were placed for others in a compound | query `ORDER#PLACED-FOR#<compound>`, SK placedAt#id            |
 * | 84  | households to whose door goods are brought | query `ORDER#DOORS#<compound>`, SK household (consistent)   |
 * | 85  | leaders of a compound's buildings      | query `PLACE#compound#<compound>`, prefix `LEADERS#` (consistent) |
 * | 86  | orders that a leader placed in their building | GSI1 `ORDER#LED#<building>#<personId>`, SK placedAt#id        |
 * | 90  | a till, and the days of its book       | query `CASH#TILL#<community>`: `TILL`, prefix `DAY#` (consistent) |
 * | 91  | a movement or a count by its id        | get `CASH#ID#<id>` / `ID`                                        |
 * | 92  | refunds to be handed back in cash      | GSI1 `CASH#DUE#<community>`, SK decidedAt#id                     |
 * | 93  | the lines of a till's book on a Shanghai day | query `CASH#BOOK#<community>#<day>`, prefix `MOVE#` `COUNT#`, SK its number (consistent) |
 * | 94  | all tills                              | GSI1 `CASH#TILLS`, SK community                                  |
 * | 95  | whether a payment was disputed         | get `PAYMENT#DISPUTE#<payment>` / `DISPUTE`                      |
 * | 100 | a remittance and its lines             | query `FUND#REMITTANCE#<id>`: `REMITTANCE`, prefix `LINE#` (consistent) |
 * | 101 | the remittance under way; the last one | get `FUND#REMITTANCES` / `OPEN`, `LAST`                          |
 * | 102 | remittances, newest first              | GSI1 `FUND#REMITTANCES`, SK preparedAt#id                        |
 * | 103 | gifts of a co-op that arrived          | GSI1 `FUND#DONATIONS#<coop>`, SK receivedOn#remittance#compound#agreement |
 * | 104 | whether a receipt's number was used    | get `FUND#RECEIPT#<number>` / `RECEIPT`                          |
 * | 105 | comparisons with the payment provider  | query `PAYMENT#RECONCILIATIONS`, SK startedAt#run#part (consistent) |
 * | 106 | parked money that went back            | GSI1 `PAYMENT#PARKED-BACK`, SK parkedAt#id                       |
 * | 107 | committee and supervisors of a community | GSI1 `PLACE#COMMUNITY-MEMBERS#<community>`, SK role#memberId; workers `PLACE#COMMUNITY-WORKERS#<community>`, the charity's `PLACE#CHARITY-MEMBERS`, SK memberId (`staff-keys.ts`) |
 * | 110 | a manual entry; the one behind an entry of the ledger | get `FUND#MANUAL#<fund>` / `ENTRY#<id>`, `SEQ#<seq>` |
 * | 111 | a fund's manual entries, newest first  | GSI1 `FUND#MANUAL#<fund>`, SK proposedAt#id                      |
 * | 112 | manual entries that wait for a second person | query `FUND#MANUAL-OPEN`, SK fund#id                       |
 * | 113 | whether a voucher of a fund was used   | get `FUND#MANUAL#<fund>` / `VOUCHER#<number>` |
 * | 120 | a subscription, its keys, its replay   | get `HOOK#ID#<hook>` / `HOOK`, `KEYS`, `REPLAY`                  |
 * | 121 | who subscribed to events of a scope    | get `HOOK#SCOPE#<kind>#<id>` / `SCOPE`                           |
 * | 122 | subscriptions by who looks after them  | GSI1 `HOOK#ALL`, SK owner#id                                     |
 * | 123 | deliveries of a subscription, by the moment of their event | query `HOOK#DELIVERIES#<hook>`, SK its id (consistent) |
 * | 124 | deliveries whose next attempt is due   | GSI1 `HOOK#DUE#<0-7>`, SK nextAt#hook#id                         |
 * | 125 | replays that are not done yet          | GSI1 `HOOK#REPLAYS`, SK startedAt#hook                           |
 * | 126 | a check before a payment, its keys     | get `HOOK#CHECK#<check>` / `CHECK`, `KEYS`                       |
 * | 127 | checks of a scope; which were on when  | get `HOOK#CHECKS#<kind>#<id>` / `SCOPE`; query its prefix `CHANGE#`, SK at#revision (consistent) |
 * | 128 | all checks                             | GSI1 `HOOK#ALL-CHECKS`, SK scope#id                              |
 * | 129 | what a check was asked                 | query `HOOK#QUESTIONS#<check>`, SK at#question (consistent)      |
 */
export type Key = { readonly PK: string; readonly SK: string }
export type IndexKey = { readonly GSI1PK: string; readonly GSI1SK: string }

export const PENDING_SHARDS = 8

/** A small stable spread of ids over the shards of an index partition. */
export function pendingShard(id: string): number {
  let sum = 0
  for (let at = 0; at < id.length; at++) sum = (sum * 31 + id.charCodeAt(at)) % 4093
  return sum % PENDING_SHARDS
}

export type PlaceKind = 'district' | 'town' | 'community' | 'village' | 'compound' | 'coop' | 'body'

const pad = (count: number, width: number) => String(count).padStart(width, '0')

export const keys = {
  place: (kind: PlaceKind, id: string): Key => ({ PK: `PLACE#${kind}#${id}`, SK: 'PLACE' }),
  building: (compoundId: string, buildingId: string): Key => ({
    PK: `PLACE#compound#${compoundId}`,
    SK: `BUILDING#${buildingId}`,
  }),
  pickUpPoint: (compoundId: string, pickUpPointId: string): Key => ({
    PK: `PLACE#compound#${compoundId}`,
    SK: `PICKUP#${pickUpPointId}`,
  }),
  household: (compoundId: string, householdId: string): Key => ({
    PK: `PLACE#compound#${compoundId}`,
    SK: `HOUSEHOLD#${householdId}`,
  }),
  roomRegister: (compoundId: string): Key => ({ PK: `PLACE#compound#${compoundId}`, SK: 'ROOMS' }),
  buildingLeaders: (compoundId: string, building: string): Key => ({
    PK: `PLACE#compound#${compoundId}`,
    SK: `LEADERS#${building}`,
  }),
  pairing: (communityId: string, villageId: string): Key => ({
    PK: `PLACE#community#${communityId}`,
    SK: `PAIRING#${villageId}`,
  }),
  agreementVersion: (communityId: string, villageId: string, version: number): Key => ({
    PK: `PLACE#community#${communityId}`,
    SK: `AGREEMENT#${villageId}#${pad(version, 6)}`,
  }),
  person: (personId: string): Key => ({ PK: `PLACE#PERSON#${personId}`, SK: 'PERSON' }),
  membership: (personId: string, role: string, scopeId: string): Key => ({
    PK: `PLACE#PERSON#${personId}`,
    SK: `MEMBER#${role}#${scopeId}`,
  }),
  phoneView: (compoundId: string, at: string, id: string): Key => ({
    PK: `PLACE#PHONE-VIEWS#${compoundId}`,
    SK: `${at}#${id}`,
  }),
  listing: (coopId: string, listingId: string): Key => ({ PK: `CATALOGUE#${coopId}`, SK: `LISTING#${listingId}` }),
  groupBuy: (groupBuyId: string): Key => ({ PK: `GB#${groupBuyId}`, SK: 'A#GROUPBUY' }),
  /** Whose request opens the group buy under this id; outside the range of pattern 8. */
  groupBuyIntent: (groupBuyId: string): Key => ({ PK: `GB#${groupBuyId}`, SK: '0#INTENT' }),
  /** Exists as long as time matters to the group buy; carries the index entry of pattern 11. */
  groupBuyWatch: (groupBuyId: string): Key => ({ PK: `GB#${groupBuyId}`, SK: 'A#WATCH' }),
  /** Exists as long as the group buy is opened anew each week; carries the index entry of pattern 25. */
  groupBuyRepeat: (coopId: string, groupBuyId: string): Key => ({
    PK: `GB#REPEATS#${coopId}`,
    SK: `ON#${groupBuyId}`,
  }),
  repeatWeek: (coopId: string, opensAt: string, groupBuyId: string): Key => ({
    PK: `GB#REPEATS#${coopId}`,
    SK: `WEEK#${opensAt}#${groupBuyId}`,
  }),
  bucket: (groupBuyId: string, offerId: string, n: number): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `BUCKET#${offerId}#${pad(n, 2)}`,
  }),
  offer: (groupBuyId: string, offerId: string): Key => ({ PK: `GB#${groupBuyId}`, SK: `OFFER#${offerId}` }),
  groupBuyCompound: (groupBuyId: string, compoundId: string): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `COMPOUND#${compoundId}`,
  }),
  limit: (groupBuyId: string, householdId: string): Key => ({ PK: `GB#${groupBuyId}`, SK: `P-LIMIT#${householdId}` }),
  delivery: (groupBuyId: string, compoundId: string, pickUpPointId: string): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `P-DELIVERY#${compoundId}#${pickUpPointId}`,
  }),
  /** What is short of a delivery, in parts. */
  shortage: (groupBuyId: string, compoundId: string, pickUpPointId: string, part: number): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `P-SHORT#${compoundId}#${pickUpPointId}#${pad(part, 3)}`,
  }),
  weighing: (groupBuyId: string, compoundId: string): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `P-WEIGHING#${compoundId}`,
  }),
  certificate: (groupBuyId: string, offerId: string): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `P-CERTIFICATE#${offerId}`,
  }),
  groupBuyClaim: (groupBuyId: string, filedAt: string, claimId: string): Key => ({
    PK: `GB#${groupBuyId}`,
    SK: `P-CLAIM#${filedAt}#${claimId}`,
  }),
  share: (groupBuyId: string, orderId: string): Key => ({ PK: `GB#${groupBuyId}`, SK: `SHARE#${orderId}` }),
  order: (orderId: string): Key => ({ PK: `ORDER#${orderId}`, SK: 'ORDER' }),
  orderLines: (orderId: string): Key => ({ PK: `ORDER#${orderId}`, SK: 'LINES' }),
  refund: (orderId: string, refundId: string): Key => ({ PK: `ORDER#${orderId}`, SK: `REFUND#${refundId}` }),
  claim: (orderId: string, claimId: string): Key => ({ PK: `ORDER#${orderId}`, SK: `CLAIM#${claimId}` }),
  pickUp: (orderId: string, pickUpId: string): Key => ({ PK: `ORDER#${orderId}`, SK: `PICK-UP#${pickUpId}` }),
  /** Beside the pick-up, which never changes. */
  pickUpUndo: (orderId: string, pickUpId: string): Key => ({ PK: `ORDER#${orderId}`, SK: `UNDO#${pickUpId}` }),
  /** A group buy's own id is never one of the words that follow elsewhere: ids are lower-case. */
  settlementWatch: (groupBuyId: string): Key => ({ PK: `SETTLEMENT#${groupBuyId}`, SK: 'A#WATCH' }),
  statement: (groupBuyId: string, part: number): Key => ({
    PK: `SETTLEMENT#${groupBuyId}`,
    SK: `STATEMENT#${pad(part, 3)}`,
  }),
  statementRows: (groupBuyId: string, part: number, version: number): Key => ({
    PK: `SETTLEMENT#${groupBuyId}`,
    SK: `V-ROWS#${pad(part, 3)}#${pad(version, 6)}`,
  }),
  statementStep: (groupBuyId: string, part: number, step: number): Key => ({
    PK: `SETTLEMENT#${groupBuyId}`,
    SK: `V-STEP#${pad(part, 3)}#${pad(step, 6)}`,
  }),
  unpaidStatement: (groupBuyId: string, part: number): Key => ({
    PK: `SETTLEMENT#${groupBuyId}`,
    SK: `UNPAID#${pad(part, 3)}`,
  }),
  payout: (payoutId: string): Key => ({ PK: `SETTLEMENT#PAYOUT#${payoutId}`, SK: 'PAYOUT' }),
  paidCoop: (coopId: string): Key => ({ PK: `SETTLEMENT#PAID-COOP#${coopId}`, SK: 'COOP' }),
  bankReference: (reference: string): Key => ({ PK: `SETTLEMENT#BANK#${reference}`, SK: 'BANK' }),
  door: (compoundId: string, householdId: string): Key => ({ PK: `ORDER#DOORS#${compoundId}`, SK: householdId }),
  cashTill: (communityId: string): Key => ({ PK: `CASH#TILL#${communityId}`, SK: 'TILL' }),
  cashDay: (communityId: string, shanghaiDay: string): Key => ({
    PK: `CASH#TILL#${communityId}`,
    SK: `DAY#${shanghaiDay}`,
  }),
  cashMove: (communityId: string, shanghaiDay: string, seq: number): Key => ({
    PK: `CASH#BOOK#${communityId}#${shanghaiDay}`,
    SK: `MOVE#${pad(seq, 9)}`,
  }),
  cashCount: (communityId: string, shanghaiDay: string, seq: number): Key => ({
    PK: `CASH#BOOK#${communityId}#${shanghaiDay}`,
    SK: `COUNT#${pad(seq, 9)}`,
  }),
  cashId: (id: string): Key => ({ PK: `CASH#ID#${id}`, SK: 'ID' }),
  /** The token itself is kept nowhere. */
  payLink: (tokenHash: string): Key => ({ PK: `PAYMENT#LINK#${tokenHash}`, SK: 'LINK' }),
  longerHold: (householdId: string): Key => ({ PK: `ORDER#HOLD#${householdId}`, SK: 'HOLD' }),
  placedFor: (compoundId: string, placedAt: string, orderId: string): Key => ({
    PK: `ORDER#PLACED-FOR#${compoundId}`,
    SK: `${placedAt}#${orderId}`,
  }),
  notice: (inbox: string, noticeId: string): Key => ({ PK: `NOTICE#${inbox}`, SK: noticeId }),
  noticeRead: (personId: string, noticeId: string): Key => ({ PK: `NOTICE#READ#${personId}`, SK: noticeId }),
  reminder: (groupBuyId: string, personId: string): Key => ({ PK: `NOTICE#REMINDERS#${groupBuyId}`, SK: personId }),
  reminded: (groupBuyId: string, kind: string): Key => ({ PK: `NOTICE#REMINDED#${groupBuyId}`, SK: kind }),
  noticeSettings: (personId: string): Key => ({ PK: `NOTICE#SETTINGS#${personId}`, SK: 'SETTINGS' }),
  emailToConfirm: (personId: string): Key => ({ PK: `NOTICE#SETTINGS#${personId}`, SK: 'EMAIL' }),
  outgoing: (personId: string, noticeId: string, channel: string): Key => ({
    PK: `NOTICE#OUT#${personId}`,
    SK: `${noticeId}#${channel}`,
  }),
  paymentEvent: (eventId: string): Key => ({ PK: `PAYMENT#EVENT#${eventId}`, SK: 'EVENT' }),
  parked: (paymentId: string): Key => ({ PK: `PAYMENT#PARKED#${paymentId}`, SK: 'PARKED' }),
  reconciliationPart: (startedAt: string, runId: string, part: number): Key => ({
    PK: 'PAYMENT#RECONCILIATIONS',
    SK: `${startedAt}#${runId}#${pad(part, 4)}`,
  }),
  disputeMark: (paymentId: string): Key => ({ PK: `PAYMENT#DISPUTE#${paymentId}`, SK: 'DISPUTE' }),
  event: (compoundId: string, shanghaiDay: string, type: string, id: string): Key => ({
    PK: `EVENT#${compoundId}#${shanghaiDay}`,
    SK: `${type}#${id}`,
  }),
  /** Never written: reading it shows that the table answers. */
  health: { PK: 'SYSTEM#HEALTH', SK: 'HEALTH' } satisfies Key,
  job: (name: string): Key => ({ PK: `JOB#${name}`, SK: 'JOB' }),
  remittance: (remittanceId: string): Key => ({ PK: `FUND#REMITTANCE#${remittanceId}`, SK: 'REMITTANCE' }),
  remittanceLine: (remittanceId: string, compoundId: string, agreementId: string, coopId: string): Key => ({
    PK: `FUND#REMITTANCE#${remittanceId}`,
    SK: `LINE#${compoundId}#${agreementId}#${coopId}`,
  }),
  openRemittance: (): Key => ({ PK: 'FUND#REMITTANCES', SK: 'OPEN' }),
  lastRemittance: (): Key => ({ PK: 'FUND#REMITTANCES', SK: 'LAST' }),
  receipt: (receiptNumber: string): Key => ({ PK: `FUND#RECEIPT#${receiptNumber}`, SK: 'RECEIPT' }),
} as const

export const index = {
  places: (kind: PlaceKind, townId: string, communityId: string, id: string): IndexKey => ({
    GSI1PK: `PLACE#ALL#${kind}`,
    GSI1SK: `${townId}#${communityId}#${id}`,
  }),
  villagePairings: (villageId: string, communityId: string): IndexKey => ({
    GSI1PK: `PLACE#VILLAGE-PAIRINGS#${villageId}`,
    GSI1SK: communityId,
  }),
  compoundMembers: (compoundId: string, state: string, householdId: string, memberId: string): IndexKey => ({
    GSI1PK: `PLACE#COMPOUND-MEMBERS#${compoundId}`,
    GSI1SK: `${state}#${householdId}#${memberId}`,
  }),
  communityMembers: (communityId: string, role: string, memberId: string): IndexKey => ({
    GSI1PK: `PLACE#COMMUNITY-MEMBERS#${communityId}`,
    GSI1SK: `${role}#${memberId}`,
  }),
  coopMembers: (coopId: string, memberId: string): IndexKey => ({
    GSI1PK: `PLACE#COOP-MEMBERS#${coopId}`,
    GSI1SK: memberId,
  }),
  compoundGroupBuys: (compoundId: string, closesAt: string, groupBuyId: string): IndexKey => ({
    GSI1PK: `GB#COMPOUND#${compoundId}`,
    GSI1SK: `${closesAt}#${groupBuyId}`,
  }),
  coopGroupBuys: (coopId: string, opensAt: string, groupBuyId: string): IndexKey => ({
    GSI1PK: `GB#COOP#${coopId}`,
    GSI1SK: `${opensAt}#${groupBuyId}`,
  }),
  watchedGroupBuys: (dueAt: string, groupBuyId: string): IndexKey => ({
    GSI1PK: 'GB#WATCH',
    GSI1SK: `${dueAt}#${groupBuyId}`,
  }),
  dueRepeats: (dueAt: string, groupBuyId: string): IndexKey => ({
    GSI1PK: 'GB#REPEATS-DUE',
    GSI1SK: `${dueAt}#${groupBuyId}`,
  }),
  personOrders: (personId: string, placedAt: string, orderId: string): IndexKey => ({
    GSI1PK: `ORDER#PERSON#${personId}`,
    GSI1SK: `${placedAt}#${orderId}`,
  }),
  householdOrders: (householdId: string, placedAt: string, orderId: string): IndexKey => ({
    GSI1PK: `ORDER#HOUSEHOLD#${householdId}`,
    GSI1SK: `${placedAt}#${orderId}`,
  }),
  leaderOrders: (buildingId: string, personId: string, placedAt: string, orderId: string): IndexKey => ({
    GSI1PK: `ORDER#LED#${buildingId}#${personId}`,
    GSI1SK: `${placedAt}#${orderId}`,
  }),
  pendingOrders: (orderId: string, expiresAt: string): IndexKey => ({
    GSI1PK: `ORDER#PENDING#${pendingShard(orderId)}`,
    GSI1SK: `${expiresAt}#${orderId}`,
  }),
  compoundPickUps: (compoundId: string, shanghaiDay: string, at: string, pickUpId: string): IndexKey => ({
    GSI1PK: `ORDER#PICK-UPS#${compoundId}#${shanghaiDay}`,
    GSI1SK: `${at}#${pickUpId}`,
  }),
  /** `what`: the pick-up point of a check; of a weighing, which is for a whole compound, nothing that a point can be. */
  openDeliveries: (decidedAt: string, groupBuyId: string, compoundId: string, what: string): IndexKey => ({
    GSI1PK: 'GB#DELIVERIES-OPEN',
    GSI1SK: `${decidedAt}#${groupBuyId}#${compoundId}#${what}`,
  }),
  openClaims: (compoundId: string, filedAt: string, claimId: string): IndexKey => ({
    GSI1PK: `CLAIM#OPEN#${compoundId}`,
    GSI1SK: `${filedAt}#${claimId}`,
  }),
  decidedClaims: (compoundId: string, decidedAt: string, claimId: string): IndexKey => ({
    GSI1PK: `CLAIM#DECIDED#${compoundId}`,
    GSI1SK: `${decidedAt}#${claimId}`,
  }),
  watchedSettlements: (dueAt: string, groupBuyId: string): IndexKey => ({
    GSI1PK: 'SETTLEMENT#WATCH',
    GSI1SK: `${dueAt}#${groupBuyId}`,
  }),
  coopStatements: (coopId: string, madeAt: string, groupBuyId: string, part: number): IndexKey => ({
    GSI1PK: `SETTLEMENT#COOP#${coopId}`,
    GSI1SK: `${madeAt}#${groupBuyId}#${pad(part, 3)}`,
  }),
  unpaidStatements: (coopId: string, madeAt: string, groupBuyId: string, part: number): IndexKey => ({
    GSI1PK: 'SETTLEMENT#UNPAID',
    GSI1SK: `${coopId}#${madeAt}#${groupBuyId}#${pad(part, 3)}`,
  }),
  /** `rank` is higher for what waits to be transferred, or is said not to have come: newest first, it comes first. */
  coopPayouts: (coopId: string, rank: string, preparedAt: string, payoutId: string): IndexKey => ({
    GSI1PK: `SETTLEMENT#PAYOUTS#${coopId}`,
    GSI1SK: `${rank}#${preparedAt}#${payoutId}`,
  }),
  paidCoops: (lastPreparedAt: string, coopId: string): IndexKey => ({
    GSI1PK: 'SETTLEMENT#PAID-COOPS',
    GSI1SK: `${lastPreparedAt}#${coopId}`,
  }),
  cashTills: (communityId: string): IndexKey => ({ GSI1PK: 'CASH#TILLS', GSI1SK: communityId }),
  cashDue: (communityId: string, decidedAt: string, refundId: string): IndexKey => ({
    GSI1PK: `CASH#DUE#${communityId}`,
    GSI1SK: `${decidedAt}#${refundId}`,
  }),
  unsentNotices: (noticeId: string, inbox: string): IndexKey => ({
    GSI1PK: `NOTICE#UNSENT#${pendingShard(noticeId)}`,
    GSI1SK: `${noticeId}#${inbox}`,
  }),
  emailCodes: (expiresAt: string, personId: string): IndexKey => ({
    GSI1PK: 'NOTICE#CODES',
    GSI1SK: `${expiresAt}#${personId}`,
  }),
  dueOutgoing: (nextAt: string, noticeId: string, channel: string, personId: string): IndexKey => ({
    GSI1PK: 'NOTICE#OUT-DUE',
    GSI1SK: `${nextAt}#${noticeId}#${channel}#${personId}`,
  }),
  remittances: (preparedAt: string, remittanceId: string): IndexKey => ({
    GSI1PK: 'FUND#REMITTANCES',
    GSI1SK: `${preparedAt}#${remittanceId}`,
  }),
  donations: (
    coopId: string,
    receivedOn: string,
    remittanceId: string,
    compoundId: string,
    agreementId: string,
  ): IndexKey => ({
    GSI1PK: `FUND#DONATIONS#${coopId}`,
    GSI1SK: `${receivedOn}#${remittanceId}#${compoundId}#${agreementId}`,
  }),
  parked: (parkedAt: string, id: string): IndexKey => ({ GSI1PK: 'PAYMENT#PARKED', GSI1SK: `${parkedAt}#${id}` }),
  parkedBack: (parkedAt: string, id: string): IndexKey => ({
    GSI1PK: 'PAYMENT#PARKED-BACK',
    GSI1SK: `${parkedAt}#${id}`,
  }),
  openRefunds: (decidedAt: string, refundId: string): IndexKey => ({
    GSI1PK: 'PAYMENT#REFUNDS-OPEN',
    GSI1SK: `${decidedAt}#${refundId}`,
  }),
} as const
