import type { Pairing } from '#shared/contracts/places.ts'
import type { Agreement } from '#shared/contracts/places-agreements.ts'
import { refused, type Refused } from '#shared/kernel/outcome.ts'
import type { ShanghaiDay } from '#shared/kernel/time.ts'

/** A pairing knows all versions of its agreement: which one counts depends on the day (see `agreementInForce`). */
export type PairingWithVersions = Pairing & { readonly agreements: readonly Agreement[] }

export const AGREEMENT_VERSIONS_MAX = 30

export type PairingRefusal =
  | 'AGREEMENT_VERSION_EXISTS'
  | 'AGREEMENT_SUPERSEDED'
  | 'AGREEMENT_MISSING'
  | 'AGREEMENT_ID_CHANGED'
  | 'AGREEMENT_INCOMPLETE'
  | 'BAD_SIGNED_DAY'
  | 'TOO_MANY_VERSIONS'
  | 'BAD_TERM'

export type PairingImport =
  | { readonly kind: 'save'; readonly pairing: PairingWithVersions; readonly newVersion: Agreement | undefined }
  | { readonly kind: 'unchanged' }
  | Refused<PairingRefusal>

/**
 * What a row says about a pairing, given what is stored. Orders carry the agreement's version, so a version never changes
 * once it is written: new terms are a new version with a higher number, and it says all that a donation agreement has to.
 */
export function decidePairingImport(
  row: Pairing,
  existing: PairingWithVersions | undefined,
  today: ShanghaiDay,
): PairingImport {
  const versions = existing?.agreements ?? []
  const { agreement } = row
  if (row.fromDay > row.toDay) return refused('BAD_TERM', '结对的起止日期颠倒了', { fromDay: row.fromDay })
  if (agreement !== undefined && agreement.fromDay > agreement.toDay) {
    return refused('BAD_TERM', '协议的起止日期颠倒了', { 'agreement.fromDay': agreement.fromDay })
  }
  const newVersion = newVersionOf(agreement, versions)
  if (newVersion?.kind === 'refused') return newVersion
  const added = newVersion?.kind === 'added' ? [newVersion.agreement] : []
  const [unsigned] = added.flatMap((version) => refuseUnsigned(version, today) ?? [])
  if (unsigned !== undefined) return unsigned
  const pairing: PairingWithVersions = { ...row, agreements: [...versions, ...added] }
  if (existing !== undefined && added.length === 0 && sameFacts(existing, pairing)) return { kind: 'unchanged' }
  return { kind: 'save', pairing, newVersion: added[0] }
}

type NewVersion = { readonly kind: 'added'; readonly agreement: Agreement } | { readonly kind: 'known' }

function newVersionOf(
  agreement: Agreement | undefined,
  versions: readonly Agreement[],
): NewVersion | Refused<PairingRefusal> | undefined {
  const latest = versions.at(-1)
  if (agreement === undefined) {
    // An agreement ends by its last day or by a new version, never by a row that forgot it.
    return latest === undefined ? undefined : refused('AGREEMENT_MISSING', '该结对已有捐赠协议，不能用空行取消')
  }
  if (latest === undefined) return { kind: 'added', agreement }
  const same = versions.find((version) => version.version === agreement.version)
  if (same !== undefined) {
    if (!sameAgreement(same, agreement)) return refused('AGREEMENT_VERSION_EXISTS', '该版本已存在，请用新的版本号')
    return same === latest ? { kind: 'known' } : refused('AGREEMENT_SUPERSEDED', '该版本之后已有新版本')
  }
  if (agreement.version < latest.version) return refused('AGREEMENT_SUPERSEDED', '版本号必须大于现有版本')
  if (agreement.agreementId !== latest.agreementId) return refused('AGREEMENT_ID_CHANGED', '同一结对的协议编号不能更改')
  if (versions.length >= AGREEMENT_VERSIONS_MAX) return refused('TOO_MANY_VERSIONS', '协议版本太多')
  return { kind: 'added', agreement }
}

/** By the column of the row; the hash is made of the text. */
const signedParts = [
  ['base', 'base'],
  ['signedDay', 'signedDay'],
  ['signedBy', 'signedBy'],
  ['textHash', 'text'],
] as const

/**
 * Who sells and gives a part to charity signs an agreement beforehand (Charity Law, article 37). A version that was stored
 * before these were asked for stays as it is; a new one lacks nothing.
 */
function refuseUnsigned(version: Agreement, today: ShanghaiDay): Refused<PairingRefusal> | undefined {
  const missing = signedParts.filter(([part]) => version[part] === undefined)
  if (missing.length > 0) {
    const fields = Object.fromEntries(missing.map(([, column]) => [`agreement.${column}`, '没有填写']))
    return refused('AGREEMENT_INCOMPLETE', '新版本要写明捐赠基数、双方签署人、签署日期和全文', fields)
  }
  const { signedDay = '', fromDay } = version
  if (signedDay <= fromDay && signedDay <= today) return undefined
  const fields = { 'agreement.signedDay': signedDay }
  return refused('BAD_SIGNED_DAY', '协议要先签署再生效，签署日期不能晚于今天和生效日', fields)
}

const plainParts = [
  ...(['agreementId', 'version', 'rateBps', 'base', 'inKind'] as const),
  ...(['fromDay', 'toDay', 'signedDay', 'textHash'] as const),
] as const

function sameAgreement(left: Agreement, right: Agreement): boolean {
  return (
    plainParts.every((part) => left[part] === right[part]) &&
    left.purposes.length === right.purposes.length &&
    left.purposes.every((purpose, at) => purpose === right.purposes[at]) &&
    (['donor', 'charity'] as const).every((side) => sameSignatory(left.signedBy?.[side], right.signedBy?.[side]))
  )
}

type Signatory = NonNullable<Agreement['signedBy']>['donor']

function sameSignatory(left: Signatory | undefined, right: Signatory | undefined): boolean {
  return left?.organisation === right?.organisation && left?.signatory === right?.signatory
}

function sameFacts(left: Pairing, right: Pairing): boolean {
  return (
    left.pairingId === right.pairingId &&
    left.communityName === right.communityName &&
    left.villageName === right.villageName &&
    left.townName === right.townName &&
    left.fromDay === right.fromDay &&
    left.toDay === right.toDay &&
    left.synthetic === right.synthetic
  )
}
