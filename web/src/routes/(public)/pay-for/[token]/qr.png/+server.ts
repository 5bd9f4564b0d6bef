import { error } from '@sveltejs/kit'
import { payLinkTokenSchema } from '#shared/contracts/payments.ts'
import { qrPng } from '#web/lib/server/qr.ts'
import type { RequestHandler } from './$types'

/** The link as a picture that can be saved. It says nothing that whoever asks for it does not have already. */
export const GET: RequestHandler = ({ params, url }) => {
  if (!payLinkTokenSchema.safeParse(params.token).success) error(404)
  const headers = { 'content-type': 'image/png', 'content-disposition': 'inline; filename="daifu.png"' }
  return new Response(qrPng(`${url.origin}/pay-for/${params.token}`), { headers })
}
