import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb'
import { createHash, randomBytes } from 'node:crypto'
import { settings } from './settings.ts'

// Tokens stay here and never reach a browser: its cookie holds a random id, and the table knows only the id's hash, so
// that neither a copy of the table nor a log of keys lets anybody in.

export type Tokens = {
  readonly accessToken: string
  readonly accessExpiresAtSeconds: number
  readonly refreshToken?: string | undefined
  readonly idToken?: string | undefined
}
export type Session = Tokens & { readonly key: string; readonly name: string; readonly expiresAtSeconds: number }

/** What a sign-in under way has to remember until the issuer sends the person back. */
export type SignInAttempt = {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly returnTo: string
}

export const SESSION_SECONDS = 14 * 24 * 3600
export const ATTEMPT_SECONDS = 15 * 60

let made: DynamoDBClient | undefined
function client(): DynamoDBClient {
  const endpoint = settings().dynamodbEndpoint
  made ??= new DynamoDBClient({ maxAttempts: 4, ...(endpoint === undefined ? {} : { endpoint }) })
  return made
}

export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

function keyOf(kind: 'SESSION' | 'SIGN-IN', secret: string): string {
  return `${kind}#${createHash('sha256').update(secret).digest('hex')}`
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

type Item = Record<string, AttributeValue>
const text = (item: Item, name: string): string => item[name]?.S ?? ''
const optionalText = (item: Item, name: string): string | undefined => item[name]?.S
const whole = (item: Item, name: string): number => Number(item[name]?.N ?? 0)

/** An item that has run out does not exist, whether or not the table has removed it yet. */
function alive(item: Item | undefined): Item | undefined {
  return item !== undefined && whole(item, 'expiresAtSeconds') > nowSeconds() ? item : undefined
}

function tokenAttributes(tokens: Tokens): Item {
  return {
    accessToken: { S: tokens.accessToken },
    accessExpiresAtSeconds: { N: String(tokens.accessExpiresAtSeconds) },
    ...(tokens.refreshToken === undefined ? {} : { refreshToken: { S: tokens.refreshToken } }),
    ...(tokens.idToken === undefined ? {} : { idToken: { S: tokens.idToken } }),
  }
}

async function create(item: Item): Promise<void> {
  await client().send(
    new PutItemCommand({
      TableName: settings().sessionsTable,
      Item: item,
      ConditionExpression: 'attribute_not_exists(PK)',
    }),
  )
}

async function read(key: string): Promise<Item | undefined> {
  const { Item: item } = await client().send(
    new GetItemCommand({ TableName: settings().sessionsTable, Key: { PK: { S: key } }, ConsistentRead: true }),
  )
  return alive(item)
}

/** Starts a session and returns the secret for its cookie. Without a refresh token it ends with its access token. */
export async function startSession(tokens: Tokens, name: string): Promise<{ secret: string; seconds: number }> {
  const secret = newSecret()
  const now = nowSeconds()
  const expiresAtSeconds = tokens.refreshToken === undefined ? tokens.accessExpiresAtSeconds : now + SESSION_SECONDS
  await create({
    PK: { S: keyOf('SESSION', secret) },
    entity: { S: 'session' },
    v: { N: '1' },
    name: { S: name.slice(0, 80) },
    expiresAtSeconds: { N: String(expiresAtSeconds) },
    ...tokenAttributes(tokens),
  })
  return { secret, seconds: expiresAtSeconds - now }
}

export async function findSession(secret: string): Promise<Session | undefined> {
  const key = keyOf('SESSION', secret)
  const item = await read(key)
  if (!item) return undefined
  return {
    key,
    name: text(item, 'name'),
    expiresAtSeconds: whole(item, 'expiresAtSeconds'),
    accessToken: text(item, 'accessToken'),
    accessExpiresAtSeconds: whole(item, 'accessExpiresAtSeconds'),
    refreshToken: optionalText(item, 'refreshToken'),
    idToken: optionalText(item, 'idToken'),
  }
}

/** Puts refreshed tokens in place of the ones they came from; false when another request was first. */
export async function replaceTokens(session: Session, tokens: Tokens): Promise<boolean> {
  try {
    await client().send(
      new UpdateItemCommand({
        TableName: settings().sessionsTable,
        Key: { PK: { S: session.key } },
        UpdateExpression: 'SET accessToken = :access, accessExpiresAtSeconds = :until, refreshToken = :refresh',
        ConditionExpression: 'accessToken = :old',
        ExpressionAttributeValues: {
          ':access': { S: tokens.accessToken },
          ':until': { N: String(tokens.accessExpiresAtSeconds) },
          ':refresh': { S: tokens.refreshToken ?? session.refreshToken ?? '' },
          ':old': { S: session.accessToken },
        },
      }),
    )
    return true
  } catch (reason) {
    if (reason instanceof ConditionalCheckFailedException) return false
    throw reason
  }
}

export async function endSession(secret: string): Promise<void> {
  await client().send(
    new DeleteItemCommand({ TableName: settings().sessionsTable, Key: { PK: { S: keyOf('SESSION', secret) } } }),
  )
}

export async function startAttempt(attempt: SignInAttempt): Promise<string> {
  const secret = newSecret()
  await create({
    PK: { S: keyOf('SIGN-IN', secret) },
    entity: { S: 'sign-in-attempt' },
    v: { N: '1' },
    state: { S: attempt.state },
    nonce: { S: attempt.nonce },
    verifier: { S: attempt.verifier },
    returnTo: { S: attempt.returnTo },
    expiresAtSeconds: { N: String(nowSeconds() + ATTEMPT_SECONDS) },
  })
  return secret
}

/** Takes an attempt out of the table: one answer of the issuer can be used once. */
export async function takeAttempt(secret: string): Promise<SignInAttempt | undefined> {
  const { Attributes: item } = await client().send(
    new DeleteItemCommand({
      TableName: settings().sessionsTable,
      Key: { PK: { S: keyOf('SIGN-IN', secret) } },
      ReturnValues: 'ALL_OLD',
    }),
  )
  const found = alive(item)
  if (!found) return undefined
  return {
    state: text(found, 'state'),
    nonce: text(found, 'nonce'),
    verifier: text(found, 'verifier'),
    returnTo: text(found, 'returnTo'),
  }
}
