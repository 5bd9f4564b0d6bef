import { page } from '$app/state'
import { say, type Dictionary, type Said } from './lang.ts'

/** A dictionary in the page's language, for components. Switching the language loads the page anew, so this never changes. */
export function words<const D extends Dictionary>(dictionary: D): Said<D> {
  return say(dictionary, page.data.lang ?? 'zh')
}
