import type { IncomingMessage, ServerResponse } from 'node:http'
import { loadSession } from './checkout-sessions.ts'
import type { SessionDoc } from './documents.ts'
import { header, readBody, sendJson } from './http.ts'
import { messagePage, pageHeaders, payPage, type PayView } from './page.ts'
import { isMethod, outcomes, pay, type PayResult } from './payments.ts'
import type { Sandbox } from './sandbox.ts'
import type { Stored } from './store.ts'

function successUrl(session: SessionDoc): string {
  return session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

/** Machines ask for JSON and get the result itself; browsers get pages and redirects. */
function wantsJson(request: IncomingMessage): boolean {
  const accept = header(request, 'accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

const jsonStatus: Record<PayResult | 'canceled', number> = {
  paid: 200,
  promised: 200,
  canceled: 200,
  declined: 402,
  expired: 409,
  already_complete: 409,
  method_not_offered: 400,
}

/** The hosted payment page: GET shows it, POST is one attempt (fields `method` and `outcome`). */
export function createPayServer(sandbox: Sandbox, merchant: string) {
  function sendPage(response: ServerResponse, status: number, html: string, session?: SessionDoc): void {
    response.writeHead(status, pageHeaders(session))
    response.end(html)
  }

  function view({ doc, extra }: Stored<'checkout.session'>): PayView {
    const intent =
      doc.payment_intent === null ? undefined : sandbox.store.get('payment_intent', doc.payment_intent)?.doc
    return { merchant, session: doc, lines: extra.lineItems, declined: intent?.last_payment_error != null }
  }

  function show(response: ServerResponse, session: Stored<'checkout.session'> | undefined, refused = false): void {
    if (!session) {
      sendPage(response, 404, messagePage('没有这笔付款', '链接不对，或者数据已经清空。'))
      return
    }
    const { doc } = session
    const back = doc.cancel_url === null ? undefined : { url: doc.cancel_url, label: '返回商家' }
    if (doc.status === 'expired') {
      sendPage(
        response,
        refused ? 409 : 410,
        messagePage('付款已过期', '这笔付款已经关闭，没有扣款。请回到商家重新下单。', back),
        doc,
      )
    } else if (doc.status === 'complete') {
      const [heading, text] =
        doc.payment_status === 'paid'
          ? ['已经付过款了', '这笔订单已付款，不会重复收款。']
          : ['付款处理中', '款项稍后到账，不能再次付款。']
      sendPage(
        response,
        refused ? 409 : 200,
        messagePage(heading, text, { url: successUrl(doc), label: '返回商家' }, true),
        doc,
      )
    } else {
      sendPage(response, 200, payPage(view(session)), doc)
    }
  }

  function answerBrowser(response: ServerResponse, id: string, result: PayResult): void {
    const session = loadSession(sandbox, id)
    if (!session) return show(response, session)
    if (result === 'method_not_offered') {
      return sendPage(response, 400, payPage({ ...view(session), error: '请选择一种付款方式。' }), session.doc)
    }
    if (result === 'expired' || result === 'already_complete') return show(response, session, true)
    const location = result === 'declined' ? `/pay/${id}` : successUrl(session.doc)
    response.writeHead(303, { ...pageHeaders(session.doc), location })
    response.end()
  }

  async function post(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const form = new URLSearchParams((await readBody(request)) ?? '')
    const session = loadSession(sandbox, id)
    const outcome = form.get('outcome') ?? ''
    if (session && outcome === 'cancel' && session.doc.cancel_url !== null) {
      if (wantsJson(request))
        return sendJson(response, 200, { result: 'canceled', sessionId: id, location: session.doc.cancel_url })
      response.writeHead(303, { ...pageHeaders(session.doc), location: session.doc.cancel_url })
      response.end()
      return
    }
    const wanted = outcomes.find((known) => known === outcome)
    const method = form.get('method') ?? session?.doc.payment_method_types[0] ?? ''
    const result = wanted === undefined || !isMethod(method) ? 'method_not_offered' : pay(sandbox, id, method, wanted)
    await sandbox.store.durable()
    if (!session || result === undefined) {
      if (wantsJson(request)) return sendJson(response, 404, { result: 'not_found', sessionId: id })
      return show(response, undefined)
    }
    if (!wantsJson(request)) return answerBrowser(response, id, result)
    const location = result === 'paid' || result === 'promised' ? successUrl(session.doc) : null
    sendJson(response, jsonStatus[result], { result, sessionId: id, location })
  }

  return async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    if (request.method === 'POST') return post(request, response, id)
    if (request.method === 'GET') return show(response, loadSession(sandbox, id))
    response.writeHead(405, { allow: 'GET, POST' }).end()
  }
}
