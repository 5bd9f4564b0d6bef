import type { ActionFailure, RequestEvent } from '@sveltejs/kit'
import { addToBasket, lineKey } from '../basket/codec.ts'
import { basketCookie } from './cookies.ts'
import { failed, type FormProblem } from './problems.ts'

type Added = { readonly added: { readonly key: string; readonly name: string; readonly quantity: number } }
type Refused = ActionFailure<{ problem: FormProblem; key: string }>

/** The action behind each “add” button: works with a plain form, on any page that shows offers. */
export async function addAction(event: RequestEvent): Promise<Added | Refused> {
  const form = await event.request.formData()
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const line = { groupBuyId: text('groupBuyId'), offerId: text('offerId'), quantity: Number(text('quantity') || '1') }
  const key = lineKey(line)
  const { lang } = event.locals
  const refuse = (code: string) => failed({ type: 'about:blank', title: code, status: 422, code }, lang, { key })
  if (!Number.isInteger(line.quantity) || line.quantity < 1) return refuse('INVALID')
  const change = addToBasket(basketCookie.read(event), line)
  if (change.kind === 'refused') return refuse(change.why)
  basketCookie.write(event, change.basket)
  return { added: { key, name: text('name').slice(0, 60), quantity: line.quantity } }
}

/** How many of each offer are in the basket, by line key. */
export function inBasket(event: RequestEvent): Record<string, number> {
  return Object.fromEntries(basketCookie.read(event).map((line) => [lineKey(line), line.quantity]))
}
