// Any origin does: it only tells whether a text stays on the origin it is read against.
const base = 'https://here.invalid'

/**
 * Where to go back to after signing in: a path on this origin with its query, or the fallback. The URL parser decides, as the
 * browser's own will, so every spelling of another origin is refused (`//x`, `/\x`, tabs inside), and so are the sign-in
 * pages themselves.
 */
export function returnTo(text: string | null | undefined, fallback = '/'): string {
  if (!text || text.length > 512 || !text.startsWith('/') || !URL.canParse(text, base)) return fallback
  const url = new URL(text, base)
  if (url.origin !== base || /^\/sign-(?:in|out)(?:\/|$)/.test(url.pathname)) return fallback
  // `/.//x` is a path here, but what is left of it, `//x`, would be another origin.
  if (url.pathname.startsWith('//')) return fallback
  return url.pathname + url.search + url.hash
}
