import { claimHousehold, getCompound, getMe, listCompounds } from '../../../shared/contracts/places.ts'
import { PAGE_MAX } from '../../../shared/contracts/route.ts'
import { getToken } from '../../local/sign-in/get-token.ts'
import { allPages, call, eachOf, must, send } from './http-client.ts'
import type { Home } from './records.ts'

/** Where people live, who they are, and how they join: sign in, say which room is theirs, agree to the notice. */
export type Person = { readonly account: string; readonly token: string }
export type Resident = Person & { readonly home: Home }

const AT_ONCE = 16
const FLOORS = 5
const ROOMS_A_FLOOR = 2
/** Residents of a demonstration; smaller numbers belong to people who sit at the screen. */
const FIRST_RESIDENT = 1_001

/** Who issues tokens: where the shop's own sign-in link leads. */
export async function issuerOf(url: string): Promise<string> {
  const answer = await send(`${url}/sign-in`, { headers: { accept: 'text/html' } })
  const to = answer.headers.location
  if (to === undefined) throw new Error(`${url}/sign-in answers ${answer.status} and leads nowhere`)
  return new URL(to).origin
}

export async function signIn(issuer: string, account: string): Promise<Person> {
  return { account, token: (await getToken({ issuer, account })).accessToken }
}

/** Compounds whose rooms are drawn out, as the public list and pages show them. */
export async function findHomes(url: string): Promise<Home[]> {
  const compounds = await allPages((cursor) => must(url, listCompounds, { query: { cursor, limit: PAGE_MAX } }))
  const homes: Home[] = []
  await eachOf(compounds, AT_ONCE, async (compound) => {
    const { buildings } = await must(url, getCompound, { params: { compoundId: compound.compoundId } })
    if (buildings.length > 0) homes.push({ compound, buildings })
  })
  return homes.sort((left, right) => (left.compound.compoundId < right.compound.compoundId ? -1 : 1))
}

/** How many rooms a compound has for us: all but the first, which belongs to a seeded person. */
export function roomsOf(home: Home): number {
  return home.buildings.reduce((sum, { units }) => sum + units.length * FLOORS * ROOMS_A_FLOOR, 0) - 1
}

/** The room with this number: floor by floor, unit by unit, building by building; number 0 is the second room there is. */
export function roomOf(home: Home, number: number): { building: string; unit: string; room: string } {
  const units = home.buildings.flatMap(({ label, units }) => units.map((unit) => ({ building: label, unit })))
  const at = number + 1
  const perUnit = FLOORS * ROOMS_A_FLOOR
  const place = units[Math.floor(at / perUnit)]
  if (place === undefined) throw new Error(`${home.compound.name} has no room ${number}`)
  const inUnit = at % perUnit
  const floor = Math.floor(inUnit / ROOMS_A_FLOOR) + 1
  return { ...place, room: `${floor}0${(inUnit % ROOMS_A_FLOOR) + 1}` }
}

/** Resident number `index` lives in home `index mod homes`; the same number lives in the same room in every run. */
export async function join(url: string, issuer: string, homes: readonly Home[], index: number): Promise<Resident> {
  const home = homes[index % homes.length]
  if (home === undefined) throw new Error('there is no compound to live in')
  const person = await signIn(issuer, `resident-${FIRST_RESIDENT + index}`)
  const { currentConsentVersion, memberships } = await must(url, getMe, { token: person.token })
  if (memberships.some(({ role, compoundId }) => role === 'resident' && compoundId === home.compound.compoundId)) {
    return { ...person, home }
  }
  const room = roomOf(home, Math.floor(index / homes.length))
  const body = { compoundId: home.compound.compoundId, ...room, consentVersion: currentConsentVersion }
  const said = await call(url, claimHousehold, { token: person.token, body })
  if (said.kind === 'refused') throw new Error(`${person.account} cannot join ${home.compound.name}: ${said.code}`)
  return { ...person, home }
}
