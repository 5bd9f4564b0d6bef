import * as z from 'zod'
import { getCompound, listCompounds } from '#shared/contracts/places.ts'
import { PAGE_MAX, type Route } from '#shared/contracts/route.ts'
import { idSchema } from '#shared/kernel/ids.ts'
import { allPages, call, type Asked, type Said } from '../demo/http-client.ts'
import { MissingHere, Refused, Usage } from '../result.ts'
import { dataDirOf, readRunFile } from '../run-file.ts'
import { tokensOf } from '../tokens.ts'

/** Whose eyes and hands the tool is: a system, and a token for it. */
export type Operator = {
  readonly url: string
  /** Asked before each request: those of the local issuer run out. `undefined`: as everybody. */
  readonly token: () => Promise<string | undefined>
  /** Of the local system; undefined when another is asked. */
  readonly dataDir: string | undefined
}

export type Flags = {
  readonly fund?: string | undefined
  readonly all?: boolean | undefined
  readonly url?: string | undefined
  readonly token?: string | undefined
  readonly data?: string | undefined
  readonly format?: string | undefined
  readonly out?: string | undefined
  readonly period?: string | undefined
}

const LOCAL_ACCOUNT = 'admin-1'

export function openOperator({ url, token, data }: Flags): Operator {
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw new Usage('--token is not a bearer token')
  const given = token === undefined ? undefined : () => Promise.resolve(token)
  if (url !== undefined) {
    if (data !== undefined) throw new Usage('--data is of the local system: --url cannot be given with it')
    return { url: readUrl(url), token: given ?? (() => Promise.resolve(undefined)), dataDir: undefined }
  }
  const dataDir = dataDirOf(data)
  const run = readRunFile(dataDir)
  const tokens = tokensOf(run.signInUrl)
  return { url: run.url, token: given ?? (() => localToken(tokens, run.signInUrl)), dataDir }
}

function localToken(tokens: ReturnType<typeof tokensOf>, issuer: string): Promise<string> {
  return tokens(LOCAL_ACCOUNT).catch((error: unknown) => {
    throw new MissingHere(`no token from ${issuer}: ${messageOf(error)}; run \`npm start\` first, or give --token`)
  })
}

function readUrl(text: string): string {
  const url = z.url({ protocol: /^https?$/ }).safeParse(text)
  if (!url.success) throw new Usage(`--url ${text} is not an http address`)
  return text.replace(/\/+$/, '')
}

/** A fund by its compound's id, or each of the district. */
export async function fundsOf(operator: Operator, { fund, all = false }: Flags): Promise<readonly string[]> {
  if ((fund === undefined) !== all) throw new Usage('one of --fund ID and --all is needed, and not both')
  if (fund !== undefined) return [await fundOf(operator, fund)]
  const compounds = await allPages((cursor) =>
    must(operator, listCompounds, { query: { cursor, limit: PAGE_MAX } }, '--all'),
  )
  return compounds.map(({ compoundId }) => compoundId)
}

async function fundOf(operator: Operator, fund: string): Promise<string> {
  const compoundId = idSchema.safeParse(fund)
  if (!compoundId.success) throw new Usage(`--fund ${fund} is not an id`)
  const said = await ask(operator, getCompound, { params: { compoundId: compoundId.data } })
  if (said.kind === 'refused' && said.code === 'NOT_FOUND') throw new Usage(`--fund ${fund}: there is no such compound`)
  if (said.kind === 'refused') throw saidNo(operator, said, `--fund ${fund}`)
  return compoundId.data
}

/** Calls a route that must not say no; `what` begins the line that says that it did. */
export async function must<R extends Route>(operator: Operator, route: R, asked: Asked<R>, what: string) {
  const said = await ask(operator, route, asked)
  if (said.kind === 'ok') return said.output
  throw saidNo(operator, said, what)
}

/** Calls a route. What is not an answer of this system ends the tool with one line. */
export async function ask<R extends Route>(operator: Operator, route: R, asked: Asked<R>): Promise<Said<R>> {
  const token = await operator.token()
  try {
    return await call(operator.url, route, { ...asked, token })
  } catch (error) {
    if (isUnreachable(error)) {
      throw new MissingHere(`${operator.url} does not answer: run \`npm start\` first, or check --url`)
    }
    throw new Refused(`${operator.url} did not answer ${route.name} as it must: ${messageOf(error)}`)
  }
}

type No = { readonly status: number; readonly code: string }

export function saidNo({ url }: Operator, { status, code }: No, what: string): Refused {
  // These two also come from the gateway before any of our code, without a code of ours.
  if (status === 401)
    return new Refused(`${what}: --token is missing, has run out or is not of this system's issuer (401)`)
  if (status === 403) {
    return new Refused(
      `${what}: the person of this --token may not do that (403); a worker of its community may, or an administrator`,
    )
  }
  if (code === '') return new Refused(`${what}: ${url} answers ${status}, and not as this system does: check --url`)
  return new Refused(`${what}: refused with ${status} ${code}`)
}

function isUnreachable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].includes(code)
}

const MESSAGE_MAX = 200

function messageOf(error: unknown): string {
  const [issue] = error instanceof z.ZodError ? error.issues : []
  if (issue !== undefined) return `${issue.path.join('.')} ${issue.message}`.trim().slice(0, MESSAGE_MAX)
  const text = error instanceof Error ? error.message : String(error)
  return text.replaceAll(/\s+/g, ' ').slice(0, MESSAGE_MAX)
}
