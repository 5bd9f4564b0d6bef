import { randomUUID } from 'node:crypto'
import type { Problem } from '#shared/contracts/route.ts'
import { quarterSchema } from '#shared/contracts/rankings.ts'
import { publishAccounts } from '#shared/contracts/sunshine.ts'
import { bookCategories, bookings, getBook, recordEntry, reverseEntry } from '#shared/contracts/sunshine-book.ts'
import { fenFromText } from '#web/lib/format/money.ts'
import { dayOf } from '#web/lib/format/time.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, failedHere, neededToken } from '#web/lib/server/problems.ts'
import { sunshineDeskWords } from '#web/lib/text/sunshine-desk.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const asked = quarterSchema.safeParse(event.url.searchParams.get('quarter'))
  const query = asked.success ? { quarter: asked.data } : {}
  const { compoundId } = event.params
  const book = dataOrError(await api(getBook, { params: { compoundId }, query }, { token }), event)
  return { book, entryId: randomUUID(), today: dayOf(Date.now()), now: Date.now() }
}

type Typed = Record<string, string>

async function sent(event: RequestEvent) {
  const token = await neededToken(event)
  const form = await event.request.formData()
  const typed: Typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
  const { entryId = '' } = typed
  return { token, typed, params: { compoundId: event.params.compoundId, entryId } }
}

const bookingOf = (typed: Typed) => bookings.find((each) => each === typed['booking']) ?? 'in-time'
const amountWrong = (event: RequestEvent) => sunshineDeskWords.amountWrong[event.locals.lang === 'zh' ? 0 : 1]

/** What was typed stays; a form that has made its entry gets a new number with the page. */
function refused(event: RequestEvent, about: string, typed: Typed, problem: Problem) {
  return failed(problem, event.locals.lang, { about, typed })
}

export const actions: Actions = {
  record: async (event) => {
    const { token, typed, params } = await sent(event)
    const { day = '', text = '', voucher = '', amount = '' } = typed
    const amountFen = fenFromText(amount)
    if (amountFen === undefined) {
      const fields = { amountFen: amountWrong(event) }
      return failedHere({ message: amountWrong(event), fields }, event.locals.lang, { about: 'record', typed })
    }
    const category = bookCategories.find((each) => each === typed['category']) ?? bookCategories[0]
    const body = { day, category, amountFen, text, voucher, booking: bookingOf(typed) }
    const answer = await api(recordEntry, { params, body }, { token })
    if (!answer.ok) return refused(event, 'record', typed, answer.problem)
    return { done: 'record' as const, seq: answer.data.seq }
  },
  reverse: async (event) => {
    const { token, typed, params } = await sent(event)
    const { quarter = '', text = '' } = typed
    const seq = Number(typed['seq'])
    const body = { quarter, seq, text, booking: bookingOf(typed) }
    const answer = await api(reverseEntry, { params, body }, { token })
    if (!answer.ok) return refused(event, `reverse-${seq}`, typed, answer.problem)
    return { done: 'record' as const, seq: answer.data.seq }
  },
  publish: async (event) => {
    const { token, typed, params } = await sent(event)
    const bankFen = fenFromText(typed['bank'] ?? '')
    if (bankFen === undefined) {
      const fields = { bankFen: amountWrong(event) }
      return failedHere({ message: amountWrong(event), fields }, event.locals.lang, { about: 'publish', typed })
    }
    const words = (name: string) => ((typed[name] ?? '').trim() === '' ? {} : { [name]: typed[name] })
    const disclosureId = `property.${typed['quarter']}.${params.compoundId}`
    const body = {
      ...{ version: Number(typed['version']), throughSeq: Number(typed['throughSeq']), bankFen },
      ...{ ...words('differenceNote'), ...words('note') },
    }
    const answer = await api(publishAccounts, { params: { disclosureId }, body }, { token })
    if (!answer.ok) return refused(event, 'publish', typed, answer.problem)
    return { done: 'publish' as const }
  },
}
