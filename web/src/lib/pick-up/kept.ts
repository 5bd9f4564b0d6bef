import {
  type CounterList,
  type HandOut,
  handOutHere,
  type HandOutState,
  isStillShown,
  listStillKept,
  moveHandOut,
  type Wish,
  withoutRoom,
} from '#shared/domain/orders/offline-counter.ts'
import { instant } from '#shared/kernel/calendar.ts'

/**
 * What a counter keeps in this browser: lists of rooms and codes, and hand-outs that are not recorded yet. Each change is
 * one transaction that reads what it decides by, so that two tabs never hand out twice, nor lose what the other wrote.
 */
const DATABASE = 'xianglai-counter'
const CACHE_PREFIX = 'counter '
const STORES = ['lists', 'handOuts'] as const

export const cacheOf = (compoundId: string): string => `${CACHE_PREFIX}${counterPath(compoundId)}`
export const counterPath = (compoundId: string): string => `/staff/compounds/${compoundId}/pick-up`

const now = () => instant(Date.now())

function done<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore('lists', { keyPath: 'compoundId' })
    request.result.createObjectStore('handOuts', { keyPath: 'pickUpId' })
  }
  return done(request)
}

type Stores = Readonly<Record<(typeof STORES)[number], IDBObjectStore>>

async function inOne<Result>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<Result>): Promise<Result> {
  const database = await open()
  try {
    // Strict: a phone that runs out of power right after a hand-out still knows it.
    const transaction = database.transaction(STORES, mode, { durability: 'strict' })
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'))
    })
    const result = await work({
      lists: transaction.objectStore('lists'),
      handOuts: transaction.objectStore('handOuts'),
    })
    await ended
    return result
  } finally {
    database.close()
  }
}

// The one place where what lies in the browser is taken on trust: this module alone writes it.
const listsIn = (stores: Stores) => done(stores.lists.getAll() as IDBRequest<CounterList[]>)
const handOutsIn = (stores: Stores) => done(stores.handOuts.getAll() as IDBRequest<HandOut[]>)

export type Kept = {
  readonly list: CounterList | undefined
  /** Of this person, at this counter; oldest first. */
  readonly handOuts: readonly HandOut[]
  /** Hand-outs that another person has still to send from this browser. */
  readonly others: number
}

/** What is kept for a counter; what is over is forgotten on the way. */
export function loadKept(compoundId: string): Promise<Kept> {
  return inOne('readwrite', async (stores) => {
    const [lists, handOuts] = [await listsIn(stores), await handOutsIn(stores)]
    for (const each of lists) {
      const kept = listStillKept(each, now())
      if (kept === undefined) stores.lists.delete(each.compoundId)
      else if (kept !== each) stores.lists.put(kept)
    }
    for (const each of handOuts) if (!isStillShown(each, now())) stores.handOuts.delete(each.pickUpId)
    const list = lists.find((each) => each.compoundId === compoundId)
    const mine = (each: HandOut) => list === undefined || each.who === list.who
    return {
      list: list && listStillKept(list, now()),
      handOuts: handOuts
        .filter((each) => each.compoundId === compoundId && mine(each) && isStillShown(each, now()))
        .sort((left, right) => (left.handedOutAt < right.handedOutAt ? -1 : 1)),
      others: handOuts.filter((each) => each.compoundId === compoundId && !mine(each)).length,
    }
  })
}

/**
 * Keeps a new list. `sent` are the hand-outs that were recorded before it was asked for: it knows them. Whatever another
 * person left here is forgotten, but for what they have still to send, which keeps no room.
 */
export function keepList(list: CounterList, sent: readonly string[]): Promise<void> {
  return inOne('readwrite', async (stores) => {
    for (const each of await listsIn(stores)) if (each.who !== list.who) stores.lists.delete(each.compoundId)
    for (const each of await handOutsIn(stores)) {
      const kept =
        each.who === list.who ? (sent.includes(each.pickUpId) ? moveHandOut(each, 'listed') : each) : withoutRoom(each)
      if (kept === undefined) stores.handOuts.delete(each.pickUpId)
      else stores.handOuts.put(kept)
    }
    stores.lists.put(list)
  })
}

/** Hands out from the list that is kept, and queues it, as one step. */
export function recordHandOut(compoundId: string, wish: Wish) {
  return inOne('readwrite', async (stores) => {
    const list = await done(stores.lists.get(compoundId) as IDBRequest<CounterList | undefined>)
    if (list === undefined) return undefined
    const decision = handOutHere(list, await handOutsIn(stores), wish, now())
    if (decision.kind === 'handed-out') stores.handOuts.add(decision.handOut)
    return decision
  })
}

export function waitingHandOuts(): Promise<readonly HandOut[]> {
  return inOne('readonly', async (stores) => {
    // All lists are one person's. What another has still to send waits until that person signs in again.
    const who = (await listsIn(stores))[0]?.who
    return (await handOutsIn(stores))
      .filter((each) => each.state === 'waiting' && (who === undefined || each.who === who))
      .sort((left, right) => (left.handedOutAt < right.handedOutAt ? -1 : 1))
  })
}

/** A counter of which this browser still has something to record. */
export function unsentAt(): Promise<string | undefined> {
  return inOne(
    'readonly',
    async (stores) => (await handOutsIn(stores)).find(({ state }) => state === 'waiting')?.compoundId,
  )
}

export function sentHandOuts(): Promise<readonly string[]> {
  return inOne('readonly', async (stores) =>
    (await handOutsIn(stores)).filter(({ state }) => state === 'sent').map(({ pickUpId }) => pickUpId),
  )
}

export function markHandOut(pickUpId: string, to: HandOutState, reason?: string): Promise<void> {
  return inOne('readwrite', async (stores) => {
    const known = await done(stores.handOuts.get(pickUpId) as IDBRequest<HandOut | undefined>)
    if (known !== undefined) stores.handOuts.put(moveHandOut(known, to, reason))
  })
}

/** Somebody has read what became of it. What waits or is not in the list yet is never dropped. */
export function dropHandOut(pickUpId: string): Promise<void> {
  return inOne('readwrite', async (stores) => {
    const known = await done(stores.handOuts.get(pickUpId) as IDBRequest<HandOut | undefined>)
    if (known?.state === 'refused' || known?.state === 'listed') stores.handOuts.delete(pickUpId)
  })
}

/** The list of a counter that is not this person's any more. */
export function dropList(compoundId: string): Promise<void> {
  return inOne('readwrite', async (stores) => {
    stores.lists.delete(compoundId)
  })
}

const KEEPING = 'xianglai-counter-keeping'
const signOut = new AbortController()

/**
 * Keeps something of a counter, unless somebody signs out meanwhile, in this tab or in another: what was fetched for them is
 * not put away after they left. `work` looks at the signal before each thing it keeps. Nothing is answered where it ended.
 */
export async function untilSignOut<Result>(work: (ends: AbortSignal) => Promise<Result>): Promise<Result | undefined> {
  const { signal } = signOut
  const settle = async () => (signal.aborted ? [] : Promise.allSettled([work(signal)]))
  const [outcome] =
    'locks' in navigator
      ? await navigator.locks
          .request(KEEPING, { mode: 'shared', ifAvailable: true }, (lock) => (lock === null ? [] : settle()))
          // Another tab took the lock away: it signs out.
          .catch(() => (signOut.abort(), []))
      : await settle()
  if (signal.aborted || outcome === undefined) return undefined
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/** Takes the lock from whoever keeps something, and holds it until this page goes: then nobody is signed in any more. */
function endKeeping(): Promise<void> {
  signOut.abort()
  if (!('locks' in navigator)) return Promise.resolve()
  return new Promise((resolve) => {
    void navigator.locks.request(KEEPING, { steal: true }, () => {
      resolve()
      return new Promise(() => undefined)
    })
  })
}

/** Leaves nothing of any counter in this browser; for the one who signs out. */
export async function forgetCounters(): Promise<void> {
  await endKeeping()
  await done(indexedDB.deleteDatabase(DATABASE))
  if ('caches' in globalThis) {
    for (const name of await caches.keys()) if (name.startsWith(CACHE_PREFIX)) await caches.delete(name)
  }
  if ('serviceWorker' in navigator) {
    for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister()
  }
}
