import { decideClaim, listClaims } from '#shared/contracts/claims.ts'
import { getCompound } from '#shared/contracts/places.ts'
import { fenFromText, yuanSign } from '#web/lib/format/money.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { claimDeskWords } from '#web/lib/text/claims.ts'
import { type Lang, say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

const PAGE = 20

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const view = event.url.searchParams.get('state') === 'decided' ? ('decided' as const) : ('open' as const)
  const cursor = event.url.searchParams.get('cursor') ?? undefined
  const [compound, found] = await Promise.all([
    api(getCompound, { params: { compoundId } }, { token: undefined }),
    api(listClaims, { params: { compoundId }, query: { state: view, cursor, limit: PAGE } }, { token }),
  ])
  const { items, nextCursor, openCount } = dataOrError(found, event)
  return {
    compoundId,
    name: dataOrError(compound, event).name,
    view,
    claims: items,
    nextCursor,
    openCount,
    now: Date.now(),
  }
}

/** Portions or an amount by line, `n.<lineId>` and `y.<lineId>`; where both are empty nothing goes back. */
type Line = { readonly lineId: string; readonly portions?: number; readonly amountFen?: number }

function readLines(form: FormData, lang: Lang) {
  const t = say(claimDeskWords, lang)
  const fields: Record<string, string> = {}
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const lines = form.getAll('lineId').flatMap((each): Line[] => {
    const lineId = String(each)
    const [portions, yuan] = [text(`n.${lineId}`), text(`y.${lineId}`)]
    if (portions === '' && yuan === '') return []
    if (portions !== '' && yuan !== '') fields[lineId] = t.badLine
    else if (portions !== '' && !/^[1-9]\d{0,2}$/.test(portions)) fields[lineId] = t.badPortions
    else if (yuan !== '' && !fenFromText(yuan)) fields[lineId] = t.badAmount
    return portions === '' ? [{ lineId, amountFen: fenFromText(yuan) ?? 0 }] : [{ lineId, portions: Number(portions) }]
  })
  if (lines.length === 0) fields['lines'] = t.chooseLines
  return { lines, fields }
}

export const actions: Actions = {
  accept: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const [orderId, claimId] = [text('orderId'), text('claimId')]
    const kept = {
      claimId,
      about: 'accept',
      typed: Object.fromEntries([...form].map(([key, value]) => [key, String(value)])),
    }
    const { lines, fields } = readLines(form, lang)
    if (Object.keys(fields).length > 0) {
      return failed({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh', kept)
    }
    const words = text('words')
    const body = { decision: 'accept' as const, lines, words: words === '' ? undefined : words }
    const done = await api(decideClaim, { params: { orderId, claimId }, body }, { token })
    if (!done.ok) return failed(done.problem, lang, kept)
    return { accepted: yuanSign(done.data.decided?.amountFen ?? 0), inCash: text('inCash') === 'yes' }
  },
  decline: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const [orderId, claimId, words] = [text('orderId'), text('claimId'), text('words')]
    const body = { decision: 'decline' as const, words }
    const done = await api(decideClaim, { params: { orderId, claimId }, body }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { claimId, about: 'decline', typed: { words } })
    return { declined: true }
  },
}
