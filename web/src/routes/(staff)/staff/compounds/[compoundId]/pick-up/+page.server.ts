import { redirect, type RequestEvent } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import {
  collectShares,
  findPickUps,
  getCounter,
  getOrder,
  pickUpProxies,
  undoPickUp,
} from '#shared/contracts/orders.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { portionsLeft } from '#shared/domain/orders/collect-shares.ts'
import { handableStates } from '#shared/domain/orders/states.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, formProblem, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { say } from '#web/lib/text/lang.ts'
import { pickUpWords } from '#web/lib/text/pick-up.ts'
import type { Actions, PageServerLoad } from './$types'

/** What the address asks for: a code or a room to find, or the hand-out that was just made. */
function askedOf(url: URL) {
  const text = (name: string) => (url.searchParams.get(name) ?? '').normalize('NFKC').trim()
  return {
    code: text('code').replace(/\s/g, ''),
    rooms: { building: text('building'), unit: text('unit'), room: text('room') },
    orderId: text('order'),
    doneId: text('done'),
  }
}

/** The address without a form's own action, so that the next form's can follow: what was found stays on the page. */
function keepOf({ search }: URL): string {
  const rest = search.replace(/[?&]\/\w+=?$/, '')
  return rest === '' ? '?' : `${rest}&`
}

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const { code, rooms, orderId, doneId } = askedOf(event.url)
  const { building, unit, room } = rooms
  const byRoom = building !== '' || unit !== '' || room !== ''
  const query = byRoom ? { building, unit, room } : { code }
  const [compound, counter, found, order] = await Promise.all([
    publicRead(getCompound, { params: { compoundId } }),
    api(getCounter, { params: { compoundId } }, { token }),
    byRoom || code !== '' ? api(findPickUps, { params: { compoundId }, query }, { token }) : undefined,
    orderId === '' ? undefined : api(getOrder, { params: { orderId } }, { token }),
  ])
  // What was mistyped is said beside the field; everything else that goes wrong has its page.
  const mistyped = found?.ok === false && found.problem.code === 'INVALID'
  return {
    compoundId,
    name: dataOrError(compound, event).name,
    code,
    rooms,
    byRoom,
    keep: keepOf(event.url),
    found: found === undefined || mistyped ? undefined : dataOrError(found, event),
    problem: mistyped ? formProblem(found.problem, event.locals.lang) : undefined,
    done: order?.ok === true && order.data.compoundId === compoundId ? doneOf(order.data, doneId) : undefined,
    counter: dataOrError(counter, event),
    // Rendered into the forms, so that a form that is sent twice hands out once.
    pickUpId: randomUUID(),
    now: Date.now(),
  }
}

type Order = Extract<Awaited<ReturnType<typeof api<typeof getOrder>>>, { ok: true }>['data']

/** A hand-out with what of its order is still to be had. */
function doneOf(order: Order, pickUpId: string) {
  const pickUp = order.pickUps.find((each) => each.pickUpId === pickUpId)
  if (pickUp === undefined) return undefined
  const { orderId, householdLabel, pickUpCode } = order
  const left = order.shares
    .filter((share) => handableStates.includes(share.state))
    .flatMap((share) => share.lines)
    .reduce((sum, line) => sum + portionsLeft(line), 0)
  return { orderId, householdLabel, pickUpCode, pickUp, left }
}

/** Portions by line, `n:<saleId>/<lineId>`; none of an empty one. */
function readLines(form: FormData) {
  return [...form]
    .filter(([name]) => name.startsWith('n:'))
    .map(([name, value]) => {
      const [saleId = '', lineId = ''] = name.slice('n:'.length).split('/')
      return { saleId, lineId, portions: Number(String(value).trim() || '0') }
    })
    .filter(({ portions }) => portions !== 0)
}

async function readForm({ request }: Pick<RequestEvent, 'request'>) {
  const form = await request.formData()
  return { form, text: (name: string) => String(form.get(name) ?? '').trim() }
}

export const actions: Actions = {
  collect: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const { form, text } = await readForm(event)
    const orderId = text('orderId')
    const whole = text('what') === 'all'
    const lines = readLines(form)
    const kept = { orderId, about: 'collect' } as const
    if (!whole && lines.length === 0) {
      const detail = say(pickUpWords, lang).nothingChosen
      return failed({ type: '', title: detail, status: 400, code: 'INVALID', detail }, 'zh', kept)
    }
    const collected = await api(
      collectShares,
      {
        params: { orderId },
        body: {
          pickUpId: text('pickUpId'),
          proxy: pickUpProxies.find((known) => known === text('proxy')) ?? 'self',
          lines: whole ? undefined : lines,
        },
      },
      { token },
    )
    if (!collected.ok) return failed(collected.problem, lang, kept)
    redirect(303, `?order=${orderId}&done=${collected.data.pickUpId}`)
  },
  undo: async (event) => {
    const token = await neededToken(event)
    const { text } = await readForm(event)
    const [orderId, pickUpId, reason] = [text('orderId'), text('pickUpId'), text('reason')]
    const undone = await api(undoPickUp, { params: { orderId, pickUpId }, body: { reason } }, { token })
    if (!undone.ok) return failed(undone.problem, event.locals.lang, { orderId, about: 'undo' as const })
    redirect(303, `?order=${orderId}&done=${pickUpId}`)
  },
}
