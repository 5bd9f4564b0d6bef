import { proposeManualEntry as route, type ManualEntryProposal } from '#shared/contracts/fund-manual-entries.ts'
import {
  decideInKind,
  decideOccurredOn,
  manualMovement,
  manualRefusal,
  OPENING_POSTED,
  signedFen,
  type ManualFacts,
} from '#shared/domain/fund/decide-manual-entry.ts'
import { agreementOn } from '#shared/domain/places/agreement.ts'
import { decideMovement, movementPrefix } from '#shared/domain/fund/movement.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { startOfShanghaiDay } from '#shared/kernel/time.ts'
import { hashBody } from '#functions/platform/body-hash.ts'
import { Busy } from '#functions/platform/busy.ts'
import { http } from '#functions/platform/http.ts'
import { Missing } from '#functions/platform/missing.ts'
import { coopItem, type CompoundItem } from '#functions/platform/table/items/places.ts'
import type { ManualEntryItem } from '#functions/platform/table/items/manual-entries.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import { addManualEntry, getManualEntry, idOfVoucher, loadOpen } from './manual-entry-store.ts'
import { manualEntryView } from './manual-entry-view.ts'
import { compoundOf } from './names.ts'
import { loadEntries, loadHead, loadMovementMarkers, loadPairings } from './store.ts'

/** Nobody proposes so many honestly; a list that nobody approves does not grow without end. */
const OPEN_MAX = 50
const TRIES_MAX = 3

export const proposeManualEntry = http(
  route,
  async ({ params: { compoundId, manualEntryId }, body }, { caller, now }) => {
    const { personId } = caller
    const compound = await compoundOf(compoundId, now)
    if (compound === undefined) throw new Missing()
    const bodyHash = hashBody([body, personId])
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const earlier = await getManualEntry(compoundId, manualEntryId)
      if (earlier?.bodyHash === bodyHash) return manualEntryView(earlier, caller)
      if (earlier !== undefined) return refused('MANUAL_ENTRY_ID_REUSED', '这个编号已用于另一笔手工记账')
      const checked = await check(compound, manualEntryId, body, now)
      if (checked.kind === 'refused') return checked
      const { coopName, agreementVersion } = checked
      const { occurredOn, reason, voucherNumber } = body
      const entry: ManualEntryItem = {
        ...{ entity: 'manualEntry', v: 1, version: 1, fundId: compoundId, compoundName: compound.name, bodyHash },
        ...{ state: 'proposed', ...checked.facts, occurredOn, reason, voucherNumber },
        ...(coopName === undefined ? {} : { coopName, agreementVersion }),
        ...(body.kind === 'correction' && body.correctsSeq !== undefined ? { correctsSeq: body.correctsSeq } : {}),
        ...{ proposedAt: now, proposedBy: personId },
      }
      if (await addManualEntry(entry)) return manualEntryView(entry, caller)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

/** Whether the ledger could take it as it stands; that is looked at again when it is approved. */
async function check(
  { compoundId, communityId }: CompoundItem,
  manualEntryId: string,
  body: ManualEntryProposal,
  now: string,
) {
  const dated = decideOccurredOn(body.occurredOn, now)
  if (dated.kind === 'refused') return dated
  const head = await loadHead(compoundId)
  if (body.kind === 'correction' && body.correctsSeq !== undefined) {
    const { correctsSeq: seq } = body
    const [corrected] = await loadEntries(compoundId, { from: seq, to: seq, limit: 1 })
    if (corrected === undefined) return refused('ENTRY_UNKNOWN', undefined, { correctsSeq: '账本里没有这个编号' })
    // A correction moves money; a gift in kind moved none.
    if (corrected.kind === 'in-kind')
      return refused('ENTRY_UNKNOWN', undefined, { correctsSeq: '实物捐赠没有动过钱，不能用更正来调整' })
  }
  const proves = await idOfVoucher(compoundId, body.voucherNumber)
  if (proves !== undefined && proves !== manualEntryId)
    return refused('VOUCHER_USED', undefined, { voucherNumber: '这个凭证号已经记过一笔；一张凭证只记一次' })
  // Not counting itself: the same request may be under way twice.
  const others = (await loadOpen(compoundId, OPEN_MAX)).filter((open) => open.manualEntryId !== manualEntryId)
  if (others.length >= OPEN_MAX) return refused('TOO_MANY_OPEN', '等复核的手工记账太多，请先办完')
  const named = await factsOf(communityId, manualEntryId, body)
  if (named.kind === 'refused') return named
  if (body.kind === 'opening') {
    const { movements } = await loadMovementMarkers(compoundId, [movementPrefix.opening], [])
    if (movements.size > 0) return OPENING_POSTED
  }
  const moved = decideMovement(
    head.balances,
    manualMovement(named.facts, startOfShanghaiDay(body.occurredOn)),
    undefined,
  )
  return moved.kind === 'refused' ? manualRefusal(moved.code) : named
}

async function factsOf(communityId: string, manualEntryId: string, body: ManualEntryProposal) {
  const { occurredOn } = body
  const same = { manualEntryId, occurredOn, movedFen: signedFen(body) }
  if (body.kind !== 'in-kind') {
    return {
      kind: 'known',
      facts: { kind: body.kind, ...same },
      coopName: undefined,
      agreementVersion: undefined,
    } as const
  }
  const { coopId, purpose } = body
  const coop = await get(coopItem, keys.place('coop', coopId))
  if (coop === undefined) return refused('DONOR_UNKNOWN', undefined, { coopId: '没有这家合作社' })
  const pairing = (await loadPairings(communityId)).find(({ villageId }) => villageId === coop.villageId)
  const agreed = decideInKind(pairing && agreementOn(pairing, occurredOn))
  if (agreed.kind === 'refused') return agreed
  const { agreementId, version } = agreed.agreement
  const facts: ManualFacts = { kind: 'in-kind', ...same, purpose, coopId, agreementId }
  return { kind: 'known', facts, coopName: coop.name, agreementVersion: version } as const
}
