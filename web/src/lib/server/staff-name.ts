import type { RequestEvent } from '@sveltejs/kit'

const NAME_MAX = 20

/** As colleagues call whoever does it: the name they signed in with. */
export async function staffName({ locals }: Pick<RequestEvent, 'locals'>): Promise<string> {
  const name = ((await locals.visitor.session())?.name ?? '').trim().slice(0, NAME_MAX).trim()
  return name === '' ? '工作人员' : name
}
