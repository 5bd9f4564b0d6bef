import { redirect } from '@sveltejs/kit'
import { finishWeighing, getWeighIn, saveWeights } from '#shared/contracts/deliveries.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId, groupBuyId } = event.params
  const sheet = await api(getWeighIn, { params: { compoundId, groupBuyId } }, { token })
  return { compoundId, groupBuyId, sheet: dataOrError(sheet, event), now: Date.now() }
}

/** The API takes so many weights at once. */
const WEIGHTS_AT_ONCE = 100

/** Grams by line, `g:<orderId>.<lineId>`; an empty one is not weighed yet. Full-width digits are digits. */
function readGrams(form: FormData) {
  const typed: Record<string, string> = {}
  const weights: { orderId: string; lineId: string; grams: number }[] = []
  for (const [name, value] of form) {
    if (!name.startsWith('g:')) continue
    const text = String(value).normalize('NFKC').trim()
    const [orderId = '', lineId = ''] = name.slice('g:'.length).split('.')
    // What stands there already need not be sent again.
    if (text === '' || text === form.get(`was:${orderId}.${lineId}`)) continue
    typed[`${orderId}.${lineId}`] = text
    weights.push({ orderId, lineId, grams: Number(text) })
  }
  return { typed, weights }
}

export const actions: Actions = {
  save: async (event) => {
    const token = await neededToken(event)
    const { compoundId, groupBuyId } = event.params
    const { typed, weights } = readGrams(await event.request.formData())
    for (let from = 0; from < weights.length; from += WEIGHTS_AT_ONCE) {
      const part = weights.slice(from, from + WEIGHTS_AT_ONCE)
      const saved = await api(saveWeights, { params: { compoundId, groupBuyId }, body: { weights: part } }, { token })
      if (saved.ok) continue
      // A number that is none is told by its place in what was sent: back to the line it was typed in.
      const fields = Object.fromEntries(
        Object.entries(saved.problem.fields ?? {}).map(([field, note]) => {
          const at = /^weights\.(\d+)\./.exec(field)?.[1]
          const line = at === undefined ? undefined : part[Number(at)]
          return [line === undefined ? field : `${line.orderId}.${line.lineId}`, note]
        }),
      )
      return failed({ ...saved.problem, fields }, event.locals.lang, { typed })
    }
    return { typed: {}, saved: weights.length }
  },
  finish: async (event) => {
    const token = await neededToken(event)
    const { compoundId, groupBuyId } = event.params
    const form = await event.request.formData()
    const acceptMissing = form.get('acceptMissing') === 'on'
    const done = await api(finishWeighing, { params: { compoundId, groupBuyId }, body: { acceptMissing } }, { token })
    if (!done.ok) return failed(done.problem, event.locals.lang, { typed: {} })
    redirect(303, '?')
  },
}
