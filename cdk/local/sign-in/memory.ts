import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

interface Kept {
  payload: AdapterPayload
  expiresAtMs: number
}

/** Kept items of one kind at most; beyond it the oldest go first. A run of the demo makes a few thousand. */
const capPerKind = 50_000

/**
 * The provider's short-lived items (codes, interactions, sessions, grants) in memory. They may die with the process: whoever
 * is signed in at the shop stays so, since access tokens are self-contained and the signing keys are kept.
 */
export function createMemory(): { adapter: AdapterFactory; sweep(nowMs?: number): void } {
  const kinds = new Map<string, Map<string, Kept>>()
  const kindOf = (name: string): Map<string, Kept> => {
    const known = kinds.get(name)
    if (known) return known
    const made = new Map<string, Kept>()
    kinds.set(name, made)
    return made
  }

  const sweep = (nowMs = Date.now()): void => {
    for (const items of kinds.values()) {
      for (const [id, item] of items) if (item.expiresAtMs <= nowMs) items.delete(id)
    }
  }

  const adapter: AdapterFactory = (name): Adapter => {
    const items = kindOf(name)
    const uids = kindOf(`${name}:uid`)
    const live = (id: string): AdapterPayload | undefined => {
      const item = items.get(id)
      return item && item.expiresAtMs > Date.now() ? item.payload : undefined
    }
    return {
      async upsert(id, payload, expiresInSeconds) {
        const expiresAtMs = expiresInSeconds ? Date.now() + expiresInSeconds * 1000 : Infinity
        items.delete(id)
        items.set(id, { payload, expiresAtMs })
        if (payload.uid) uids.set(payload.uid, { payload: { jti: id }, expiresAtMs })
        for (const full of [items, uids]) {
          const oldest = full.size > capPerKind ? full.keys().next().value : undefined
          if (oldest !== undefined) full.delete(oldest)
        }
      },
      async find(id) {
        return live(id)
      },
      async findByUid(uid) {
        const id = uids.get(uid)?.payload.jti
        return id === undefined ? undefined : live(id)
      },
      async findByUserCode() {
        return undefined // the device flow is off
      },
      async consume(id) {
        const payload = live(id)
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        const uid = items.get(id)?.payload.uid
        if (uid) uids.delete(uid)
        items.delete(id)
      },
      async revokeByGrantId(grantId) {
        for (const [id, item] of items) if (item.payload.grantId === grantId) items.delete(id)
      },
    }
  }
  return { adapter, sweep }
}
