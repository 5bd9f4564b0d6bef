import type { PhotoFor } from '#shared/contracts/photos.ts'
import type { Problem } from '#shared/contracts/route.ts'
import { SENT_PHOTO } from '../photos/sent-photo.ts'
import type { Lang } from '../text/lang.ts'
import { say } from '../text/lang.ts'
import { photoWords } from '../text/photos.ts'
import { filesOf, sendPhoto } from './photos.ts'

type Typed = Readonly<Record<string, string>>

/** What a form holds besides its files, in the lines' own ending. */
export function typedOf(form: FormData): Typed {
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value.replaceAll(/\r\n?/g, '\n').trim()] as const] : [],
    ),
  )
}

/** Names of boxes that are ticked, without what they begin with. */
export function boxesOf(typed: Typed, prefix: string): string[] {
  return Object.keys(typed)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
}

type Taken = { readonly photoIds: string[]; readonly typed: Typed; readonly problem?: Problem }

/**
 * Photos of a form: those sent before that are still wanted, and the new ones, which are sent now. `typed` remembers what
 * arrived, so that a form that is refused for another reason does not send it again.
 */
export async function takePhotos(
  form: FormData,
  typed: Typed,
  to: {
    readonly photoFor: PhotoFor
    readonly max: number
    readonly formId: string
    readonly token: string
    readonly lang: Lang
  },
): Promise<Taken> {
  const t = say(photoWords, to.lang)
  const sent = new Set(boxesOf(typed, SENT_PHOTO))
  const files = filesOf(form, 'photos')
  let problem: Problem | undefined
  if (files.length > to.max) problem = wrong(t.tooManyPhotos(to.max))
  for (const file of problem === undefined ? files : []) {
    const answer = await sendPhoto(file, to.photoFor, to.formId, to.token, t.photoTooLarge)
    if (answer.ok) sent.add(answer.photoId)
    else problem ??= aboutPhotos(answer.problem)
  }
  if (sent.size > to.max) problem ??= wrong(t.tooManyPhotos(to.max))
  const photoIds = [...sent]
  const others = Object.entries(typed).filter(([name]) => !name.startsWith(SENT_PHOTO))
  const kept = Object.fromEntries([...others, ...photoIds.map((id): [string, string] => [SENT_PHOTO + id, 'on'])])
  return { photoIds, typed: kept, ...(problem === undefined ? {} : { problem }) }
}

function wrong(said: string): Problem {
  return { type: '', title: '', status: 400, code: 'INVALID', fields: { photos: said } }
}

function aboutPhotos(problem: Problem): Problem {
  const { photo, ...others } = problem.fields ?? {}
  return { ...problem, fields: photo === undefined ? others : { ...others, photos: photo } }
}

/** The photos did not arrive after all: they are chosen anew. */
export function withoutPhotos(typed: Typed): Typed {
  return Object.fromEntries(Object.entries(typed).filter(([name]) => !name.startsWith(SENT_PHOTO)))
}
