import { error, redirect } from '@sveltejs/kit'
import { randomUUID } from 'node:crypto'
import { CLAIM_PHOTOS_MAX, CLAIM_WORDS_MAX, claimReasons, fileClaim } from '#shared/contracts/claims.ts'
import { getOrder } from '#shared/contracts/orders.ts'
import { api } from '#web/lib/server/api.ts'
import { claimableLinesOf } from '#web/lib/server/claims.ts'
import { filesOf, sendPhoto } from '#web/lib/server/photos.ts'
import { dataOrError, failed, neededToken, sentenceOf } from '#web/lib/server/problems.ts'
import { claimWords } from '#web/lib/text/claims.ts'
import { say } from '#web/lib/text/lang.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const order = dataOrError(await api(getOrder, { params: event.params }, { token }), event)
  const asked = event.url.searchParams.get('share')
  const share = order.shares.find(({ saleId }) => asked === null || saleId === asked)
  if (share === undefined) error(404, { message: sentenceOf('NOT_FOUND', event.locals.lang), code: 'NOT_FOUND' })
  const now = Date.now()
  return {
    now,
    orderId: order.orderId,
    saleId: share.saleId,
    title: share.groupBuyTitle,
    until: share.claimUntil,
    lines: claimableLinesOf(order, share, now),
    reasons: claimReasons,
    wordsMax: CLAIM_WORDS_MAX,
    // Rendered into the form, so that a form that is sent twice is one claim.
    claimId: randomUUID(),
  }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const { lang } = event.locals
    const t = say(claimWords, lang)
    const { orderId } = event.params
    const form = await event.request.formData()
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const [claimId, saleId, reason, words] = [text('claimId'), text('saleId'), text('reason'), text('words')]
    const lines = [...form]
      .filter(([name]) => name.startsWith('n.'))
      .map(([name, value]) => ({ lineId: name.slice('n.'.length), portions: Number(value) }))
      .filter(({ portions }) => portions !== 0)
    const portions = Object.fromEntries(lines.map((line) => [line.lineId, line.portions]))
    let photoIds = form.getAll('photoId').map(String)
    const refuse = (problem: Parameters<typeof failed>[0], spoken = lang) =>
      failed(problem, spoken, { claimId, reason, words, portions, photoIds })
    // Said in the language of the page already.
    const invalid = (fields: Record<string, string>) =>
      refuse({ type: '', title: '', status: 400, code: 'INVALID', fields }, 'zh')
    if (lines.length === 0) return invalid({ lines: t.chooseLines })
    const files = filesOf(form, 'photos')
    if (files.length > CLAIM_PHOTOS_MAX) return invalid({ photos: t.tooManyPhotos })
    for (const file of files) {
      const sent = await sendPhoto(file, { kind: 'claim', orderId, saleId }, claimId, token, t.photoTooLarge)
      if (!sent.ok) {
        const { photo, ...others } = sent.problem.fields ?? {}
        return refuse({ ...sent.problem, fields: photo === undefined ? others : { ...others, photos: photo } })
      }
      photoIds = [...new Set([...photoIds, sent.photoId])]
    }
    if (photoIds.length > CLAIM_PHOTOS_MAX) {
      photoIds = photoIds.slice(-CLAIM_PHOTOS_MAX)
      return invalid({ photos: t.tooManyPhotos })
    }
    const known = claimReasons.find((each) => each === reason)
    // An unknown reason is refused by the API, at its field.
    const body = { saleId, lines, reason: known ?? ('' as 'other'), words: words === '' ? undefined : words, photoIds }
    const filed = await api(fileClaim, { params: { orderId, claimId }, body }, { token })
    if (!filed.ok) {
      // The photos are chosen anew, for what was sent of them is not there.
      if (filed.problem.code === 'UNKNOWN_PHOTO') photoIds = []
      return refuse(filed.problem)
    }
    redirect(303, `/orders/${orderId}?claimed=${claimId}#claims`)
  },
}
