import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hookEvents } from '#shared/contracts/hooks-events.ts'
import { checkQuestion } from '#shared/domain/hooks/news.ts'
import { verdictOf } from '#shared/domain/hooks/verdict.ts'
import { newKeys, signedHeaders } from '#functions/platform/outgoing/sign.ts'

/** The receiver that the README points at does what a receiver has to. */
const script = fileURLToPath(new URL('../../cdk/tools/hook-receiver.ts', import.meta.url))
const keys = newKeys()
const child = spawn(
  process.execPath,
  [script, '--secret', keys.secret, '--port', '0', '--allow', 'no', '--reason', '没有备案'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
const line = async () => String((await lines.next()).value)
let url = ''

beforeAll(async () => {
  url = (await line()).replace('ready ', '')
})
afterAll(() => void child.kill())

const BODY = '{"type":"sale.recorded.v1","timestamp":"2026-11-27T04:00:00.000Z","data":{"saleId":"例"}}'
async function post(headers: Record<string, string>, body = BODY) {
  const { status } = await fetch(url, { method: 'POST', headers, body })
  return [status, (JSON.parse(await line()) as { outcome: string }).outcome]
}

it('takes what is signed, knows a repeat by its id, and refuses the rest', async () => {
  const good = signedHeaders([newKeys(), keys], 'msg_1', Date.now(), BODY)
  expect(await post(good)).toEqual([204, 'taken'])
  expect(await post(signedHeaders([keys], 'msg_1', Date.now() + 1000, BODY))).toEqual([204, 'repeat'])
  expect(await post(good, BODY.replace('例', '倒'))).toEqual([400, 'refused'])
  expect(await post(signedHeaders([newKeys()], 'msg_2', Date.now(), BODY))).toEqual([400, 'refused'])
  expect(await post(signedHeaders([keys], 'msg_3', Date.now() - 600_000, BODY))).toEqual([400, 'refused'])
  expect(await post({})).toEqual([400, 'refused'])
})

it('answers what a check is asked', async () => {
  const { path: _path, ...data } = hookEvents['disbursement.check.v1'].example.data
  const { payload } = checkQuestion(data, '2026-11-27T04:00:00.000Z')
  const headers = signedHeaders([keys], data.questionId, Date.now(), payload)
  const answer = await fetch(url, { method: 'POST', headers, body: payload })
  await line()
  const said = { kind: 'answered', status: answer.status, body: await answer.text(), isWhole: true } as const
  expect(verdictOf(said, data)).toEqual({ kind: 'said-no', reason: '没有备案' })
  expect(verdictOf(said, { ...data, amountFen: 1 })).toEqual({ kind: 'silent', why: 'other-question' })
})
