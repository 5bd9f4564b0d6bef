import { getToken } from '../local/sign-in/get-token.ts'

/** Bearer tokens of the local issuer's accounts, each got once by the real code flow and again before it runs out. */
export function tokensOf(issuer: string): (account: string) => Promise<string> {
  const held = new Map<string, { readonly token: Promise<string>; readonly untilMs: () => number }>()
  return (account) => {
    const known = held.get(account)
    if (known !== undefined && Date.now() < known.untilMs()) return known.token
    let untilMs = Number.POSITIVE_INFINITY
    const token = getToken({ issuer, account }).then(({ accessToken, expiresInSeconds }) => {
      untilMs = Date.now() + (expiresInSeconds - SPARE_SECONDS) * 1_000
      return accessToken
    })
    held.set(account, { token, untilMs: () => untilMs })
    token.catch(() => held.delete(account))
    return token
  }
}

const SPARE_SECONDS = 300
