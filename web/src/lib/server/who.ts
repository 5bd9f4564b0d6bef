import { createHash } from 'node:crypto'

/** Tells persons apart in a browser without naming them: a digest of whom the token was made for. */
export function whoOf(accessToken: string): string {
  const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
  return createHash('sha256')
    .update(`counter ${String(claims['iss'])} ${String(claims['sub'])}`)
    .digest('base64url')
    .slice(0, 22)
}
