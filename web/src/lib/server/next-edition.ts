import { getGroupBuy, type SuccessRule } from '#shared/contracts/group-buys.ts'
import { getCompound } from '#shared/contracts/places.ts'
import {
  type LeftOutCompound,
  type LeftOutOffer,
  type NextEdition,
  nextEdition,
} from '#shared/domain/group-buys/next-edition.ts'
import { yuanInput } from '../format/money.ts'
import { toLocalInput } from '../format/time.ts'
import { stepField } from '../coop/step-field.ts'
import { api } from './api.ts'
import { publicRead } from './public-reads.ts'

/** What the form for a new group buy holds, by field. */
export type GroupBuyForm = {
  readonly typed: Readonly<Record<string, string>>
  readonly compoundIds: readonly string[]
  readonly listingIds: readonly string[]
}

export type Again = {
  readonly title: string
  readonly form: GroupBuyForm
  readonly leftOutOffers: readonly LeftOutOffer[]
  readonly leftOutCompounds: readonly { readonly name: string; readonly why: LeftOutCompound['why'] }[]
}

type Known = {
  readonly coopId: string
  readonly listings: readonly { readonly listingId: string; readonly state: 'active' | 'paused' }[]
  readonly paired: readonly { readonly compoundId: string; readonly name: string; readonly hasPickUpPoint: boolean }[]
  readonly now: string
}

/** An earlier group buy of the same co-op as a filled-in form; nothing when there is none of that name. */
export async function againFrom(groupBuyId: string, known: Known): Promise<Again | undefined> {
  const found = await api(getGroupBuy, { params: { groupBuyId } }, { token: undefined })
  if (!found.ok || found.data.coopId !== known.coopId) return undefined
  const edition = nextEdition(found.data, known.listings, known.paired, known.now)
  return {
    title: found.data.title,
    form: formOf(edition),
    leftOutOffers: edition.leftOutOffers,
    leftOutCompounds: await Promise.all(
      edition.leftOutCompounds.map(async ({ compoundId, why }) => ({ name: await nameOf(compoundId, known), why })),
    ),
  }
}

async function nameOf(compoundId: string, { paired }: Known): Promise<string> {
  const name = paired.find((compound) => compound.compoundId === compoundId)?.name
  if (name !== undefined) return name
  const compound = await publicRead(getCompound, { params: { compoundId } })
  return compound.ok ? compound.data.name : compoundId
}

function formOf({ title, window, success, shortageRule, offers, compoundIds }: NextEdition): GroupBuyForm {
  return {
    typed: {
      ...{ title, shortageRule },
      ...Object.fromEntries(Object.entries(window).map(([name, at]) => [name, toLocalInput(at)])),
      ...(success === undefined ? {} : successFields(success)),
      ...Object.fromEntries(offers.flatMap((offer) => Object.entries(offerFields(offer)))),
    },
    compoundIds,
    listingIds: offers.map(({ listingId }) => listingId),
  }
}

function successFields({ kind, minimum }: SuccessRule): Record<string, string> {
  return { successKind: kind, successMinimum: kind === 'amount' ? yuanInput(minimum) : String(minimum) }
}

function offerFields({ listingId, priceFen, stock, perHouseholdLimit, priceSteps }: NextEdition['offers'][number]) {
  return {
    [`price:${listingId}`]: yuanInput(priceFen),
    [`stock:${listingId}`]: String(stock),
    [`limit:${listingId}`]: String(perHouseholdLimit),
    ...Object.fromEntries(
      priceSteps.flatMap((step, at): [string, string][] => [
        [stepField('stepFrom', listingId, at), String(step.fromPortions)],
        [stepField('stepPrice', listingId, at), yuanInput(step.priceFen)],
      ]),
    ),
  }
}
