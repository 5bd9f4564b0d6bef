import { refused, type Refused } from '../../kernel/outcome.ts'
import { type Instant, plusDays, shanghaiDay, type ShanghaiDay } from '../../kernel/time.ts'
import { deliverableStates } from './check-delivery.ts'
import type { GroupBuyState } from './states.ts'

/** Potatoes and cabbages lie in a cellar over the winter; nothing that is sold here lies longer. */
const HARVESTED_WITHIN_DAYS = 300

export type CertificateFacts = {
  readonly groupBuy: { readonly state: GroupBuyState; readonly pickUpEndsAt: Instant }
  readonly offerIds: readonly string[]
  /** Of the certificate that stands; 0: there is none. */
  readonly version: number
}

type Wanted = { readonly offerId: string; readonly version: number; readonly harvestedOn: ShanghaiDay }

/** Whether a co-op may issue the certificate of a batch now, or correct it: goods that are out are promised for good. */
export function decideCertificate(
  { groupBuy, offerIds, version }: CertificateFacts,
  wanted: Wanted,
  now: Instant,
):
  | { readonly kind: 'decided' }
  | Refused<
      'GROUP_BUY_NOT_DECIDED' | 'CERTIFICATE_FIXED' | 'CERTIFICATE_CHANGED' | 'UNKNOWN_OFFER' | 'BAD_HARVEST_DAY'
    > {
  if (!offerIds.includes(wanted.offerId)) return refused('UNKNOWN_OFFER', '团购里没有这个商品')
  if (now > groupBuy.pickUpEndsAt) return refused('CERTIFICATE_FIXED', '提货已经结束，合格证不能再改')
  if (!deliverableStates.includes(groupBuy.state)) {
    return refused('GROUP_BUY_NOT_DECIDED', '团购还没有成团，成团后再开合格证')
  }
  const today = shanghaiDay(now)
  if (wanted.harvestedOn > today || wanted.harvestedOn < plusDays(today, -HARVESTED_WITHIN_DAYS)) {
    return refused('BAD_HARVEST_DAY', undefined, { harvestedOn: '采收日期不能晚于今天，也不能太久以前' })
  }
  if (wanted.version !== version) return refused('CERTIFICATE_CHANGED', '合格证刚被别人改过，请看过再改')
  return { kind: 'decided' }
}
