import { PRIVACY_NOTICE_VERSION } from '#shared/contracts/places.ts'

type Ask = (method: string, path: string, as: 'newcomer' | 'worker', body?: unknown) => Promise<Response>
type Room = { readonly compoundId: string; readonly building: string; readonly unit: string; readonly room: string }
type Member = { readonly householdId: string; readonly memberId: string }

/** Somebody claims a room, and the worker confirms them. Others may have claimed the same room: they are left alone. */
export async function verifiedNewcomer(ask: Ask, home: Room): Promise<Member> {
  const { compoundId, building } = home
  const claims = async () => {
    const path = `/api/places/compounds/${compoundId}/household-members?state=claimed&building=${building}&limit=100`
    return ((await (await ask('GET', path, 'worker')).json()) as { items: Member[] }).items
  }
  const before = new Set((await claims()).map(({ householdId, memberId }) => `${householdId} ${memberId}`))
  const claim = { ...home, consentVersion: PRIVACY_NOTICE_VERSION, phone: '00000000000' }
  const claimed = await ask('PUT', '/api/places/me/household', 'newcomer', claim)
  if (!claimed.ok) throw new Error(`the room was not claimed: ${await claimed.text()}`)
  const { householdId } = (await claimed.json()) as { householdId: string }
  const found = (await claims()).find(
    (each) => each.householdId === householdId && !before.has(`${householdId} ${each.memberId}`),
  )
  if (found === undefined) throw new Error('who claimed the room is not listed')
  const verified = await ask(
    'POST',
    `/api/places/households/${householdId}/members/${found.memberId}/verification`,
    'worker',
    {},
  )
  if (!verified.ok) throw new Error(`the newcomer was not confirmed: ${await verified.text()}`)
  return { householdId, memberId: found.memberId }
}
