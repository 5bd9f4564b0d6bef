import { send } from './http-client.ts'

/** The hosted payment page as a browser uses it: open it, read its form, send the form, follow where it leads. */
export type PayOutcome = 'paid' | 'declined' | 'async_paid' | 'async_failed'
/** `taken`: the page thanks and leads back to the shop. `again`: declined, the page is shown once more. `closed`: no money. */
export type PayAnswer = 'taken' | 'again' | 'closed'

const browser = { accept: 'text/html,application/xhtml+xml' }

export async function payOnPage(checkoutUrl: string, method: string, outcome: PayOutcome): Promise<PayAnswer> {
  const shown = await send(checkoutUrl, { headers: browser })
  if (shown.status === 410) return 'closed'
  if (shown.status !== 200) throw new Error(`the payment page answers ${shown.status}`)
  const action = /<form[^>]*method="post"[^>]*action="([^"]+)"/.exec(shown.text)?.[1]
  if (action === undefined) return 'closed'
  const methods = [...shown.text.matchAll(/name="method" value="([^"]+)"/g)].map((found) => found[1])
  if (!methods.includes(method)) throw new Error(`the payment page does not offer ${method}`)
  const answer = await send(new URL(action, checkoutUrl).href, {
    method: 'POST',
    headers: { ...browser, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ method, outcome }).toString(),
  })
  if (answer.status === 409) return 'closed'
  const to = answer.headers.location
  if (answer.status !== 303 || to === undefined) throw new Error(`the payment form was answered ${answer.status}`)
  return new URL(to, checkoutUrl).href === checkoutUrl ? 'again' : 'taken'
}
