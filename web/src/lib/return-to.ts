// Any origin does: it only tells whether a text stays on the origin it is read against.
const base = 'https://here.invalid'

/**
 * Where to go back to after signing in: a path on this origin with its query, or the fallback. Refused are other origins in
 * every spelling a browser understands (`//x`, `/\x`, `\\x`, tabs inside, `https:x`) and the sign-in pages themselves.
 */
export function returnTo(text: string | null | undefined, fallback = '/'): string {
  if (!text || text.length > 512 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return fallback
  if (!URL.canParse(text, base)) return fallback
  const url = new URL(text, base)
  if (url.origin !== base || /^\/sign-(?:in|out)(?:\/|$)/.test(url.pathname) || url.pathname.startsWith('//'))
    return fallback
  return url.pathname + url.search + url.hash
}
