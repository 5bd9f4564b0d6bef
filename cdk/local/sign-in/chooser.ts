import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Interaction } from 'oidc-provider'
import type Provider from 'oidc-provider'
import { findAccount, type Account } from './accounts.ts'
import { chooserPage, messagePage, pageHeaders } from './page.ts'

/** A form of one short field; anything longer is not ours. */
const bodyLimitBytes = 4096

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) return undefined
    bytes += chunk.length
    if (bytes > bodyLimitBytes) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

function send(response: ServerResponse, status: number, html: string, redirectUri?: string): void {
  response.writeHead(status, pageHeaders(redirectUri))
  response.end(html)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Someone else signed in here before: that session ends first, so the new one starts clean, without a question in between. */
async function endOtherSession(provider: Provider, details: Interaction, sub: string): Promise<void> {
  if (!details.session || details.session.accountId === sub) return
  const previous = await provider.Session.findByUid(details.session.uid)
  await previous?.destroy()
  details.session = undefined
  await details.save(details.exp - Math.floor(Date.now() / 1000))
}

/** The account chooser at /interaction/:uid. The provider's cookie ties the page to the browser that began the sign-in. */
export function createChooser(provider: Provider, accounts: readonly Account[]) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let details: Interaction
    try {
      details = await provider.interactionDetails(request, response)
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error
      send(response, 400, messagePage('登录已过期', '这次登录已经完成或超时，请回到商城重新登录。'))
      return
    }
    const redirectUri = text(details.params.redirect_uri)
    const view = { accounts, action: `/interaction/${details.uid}` }
    if (request.method === 'GET') {
      send(response, 200, chooserPage({ ...view, entered: text(details.params.login_hint) }), redirectUri)
      return
    }
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, POST' }).end()
      return
    }
    const form = await readForm(request)
    const entered = form?.get('account')?.trim() ?? ''
    const account = findAccount(accounts, entered)
    if (!account) {
      const error = '没有这个账号。可用 resident-、demo-、coop-、worker- 加 1–6 位编号。'
      send(response, 422, chooserPage({ ...view, entered: entered.slice(0, 20), error }), redirectUri)
      return
    }
    await endOtherSession(provider, details, account.sub)
    await provider.interactionFinished(request, response, { login: { accountId: account.sub } })
  }
}
