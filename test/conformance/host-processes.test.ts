import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startEngine } from '../../cdk/local/engine.ts'
import { lockDataDir } from '../../cdk/local/lock.ts'
import { listensOn } from '../../cdk/local/ports.ts'
import { eventually, SystemUnderTest } from './host-system.ts'

let system: SystemUnderTest | undefined
const processes: ChildProcess[] = []
afterEach(async () => {
  for (const each of processes.splice(0)) each.kill('SIGKILL')
  await system?.dispose()
  system = undefined
})

const WEB = `import { createServer } from 'node:http'
const started = Date.now()
createServer(async (incoming, outgoing) => {
  if (incoming.url === '/healthz') { outgoing.statusCode = Date.now() - started < 150 ? 503 : 200; return outgoing.end('ok') }
  if (incoming.url === '/crash') process.exit(3)
  if (incoming.url === '/block') for (;;);
  const used = incoming.socket.used
  incoming.socket.used = true
  if (incoming.url === '/stale' && used && incoming.headers['x-turn'] !== globalThis.turn) {
    globalThis.turn = incoming.headers['x-turn']
    return incoming.socket.destroy()
  }
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  outgoing.setHeader('set-cookie', ['a=1', 'b=2'])
  outgoing.end(JSON.stringify({ url: incoming.url, method: incoming.method, headers: incoming.headers, body: Buffer.concat(chunks).toString('hex'), env: process.env.AWS_ACCESS_KEY_ID, name: process.env.NAME, gate: process.env.LOCAL_HOST_GATE ?? null, pid: process.pid }))
}).listen(Number(process.env.PORT), process.env.HOST)`

/** A system with a web function behind `$default` and a stream reader. */
function build(): SystemUnderTest {
  system = new SystemUnderTest('processes').table('Market').api()
  system.fn('Reader', 'export const handler = async () => {}', SystemUnderTest.streamStatements('Market'))
  system.mapping('Mapping', 'Market', 'Reader')
  const layer = 'arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerX86:25'
  system.fn('Web', WEB, [], {
    Handler: 'run.sh',
    Layers: [layer],
    Timeout: 5,
    Environment: {
      Variables: {
        AWS_LAMBDA_EXEC_WRAPPER: '/opt/bootstrap',
        AWS_LWA_READINESS_CHECK_PATH: '/healthz',
        NAME: 'template',
      },
    },
  })
  const asset = join(system.directory, 'assembly', 'asset.Web')
  mkdirSync(asset, { recursive: true })
  writeFileSync(join(asset, 'run.sh'), '#!/bin/bash\nexec node index.mjs\n')
  return system.route('$default', 'Web')
}

function options(of: SystemUnderTest): string {
  return of.file(
    'options.json',
    JSON.stringify({
      template: { Resources: of.resources },
      assemblyDir: join(of.directory, 'assembly'),
      parameters: {},
      environment: {},
      dataDir: of.dataDir,
      port: 0,
    }),
  )
}

interface Started {
  readonly child: ChildProcess
  readonly url: string
  readonly enginePid: number
  readonly webPid: number
}

async function startProcess(of: SystemUnderTest): Promise<Started> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'host-process.ts'), options(of)], { detached: true })
  processes.push(child)
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const line = await eventually(() => {
    if (child.exitCode !== null) throw new Error(errors)
    return output.includes('\n') && output.split('\n')[0]
  }, 20_000)
  return { child, ...(JSON.parse(line) as Omit<Started, 'child'>) }
}

function alive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** Processes whose command line names the data folder or the assembly. */
async function descendants(of: SystemUnderTest): Promise<string[]> {
  const list = spawn('ps', ['-eo', 'pid,args', '--no-headers', '-ww'])
  let text = ''
  list.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  await new Promise((resolve) => list.once('close', resolve))
  return text.split('\n').filter((line) => line.includes(of.directory) && !line.includes('vitest'))
}

describe('the processes of one machine', () => {
  it('leave nobody behind when the host is killed, and start again on the same data', async () => {
    const of = build()
    const first = await startProcess(of)
    expect([alive(first.enginePid), alive(first.webPid)]).toEqual([true, true])
    first.child.kill('SIGKILL')
    await eventually(() => !alive(first.enginePid) && !alive(first.webPid), 3_000)
    await eventually(async () => (await descendants(of)).length === 0, 3_000)
    const second = await startProcess(of)
    expect(alive(second.enginePid)).toBe(true)
  })

  it('leave nobody behind when a child is busy as the host is killed', async () => {
    const of = build()
    const { child, url, webPid } = await startProcess(of)
    void fetch(`${url}/block`).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill('SIGKILL')
    await eventually(() => !alive(webPid), 3_000)
  })

  it('stop within five seconds when asked', async () => {
    const of = build()
    const { child, url, enginePid, webPid } = await startProcess(of)
    void fetch(`${url}/block`).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const began = Date.now()
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
    expect(Date.now() - began).toBeLessThan(5_000)
    expect([alive(enginePid), alive(webPid)]).toEqual([false, false])
    expect(await descendants(of)).toEqual([])
  })

  it('stop in order when a terminal interrupts the whole group', async () => {
    const of = build()
    const { child, enginePid } = await startProcess(of)
    let errors = ''
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    process.kill(-(child.pid ?? 0), 'SIGTERM')
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect([code, errors]).toEqual([0, ''])
    expect(alive(enginePid)).toBe(false)
  })

  it('hear when the engine ends by itself, and not when it was told to', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'xianglai-engine-'))
    const start = () => startEngine({ dataDir, kind: 'dynoxide', log: () => undefined })
    const told = await start()
    await told.stop()
    const ended = await Promise.race([
      told.endedByItself,
      new Promise((resolve) => setTimeout(resolve, 300, 'silence')),
    ])
    expect(ended).toBe('silence')
    const left = await start()
    process.kill(left.pid ?? 0, 'SIGKILL')
    expect(await left.endedByItself).toContain('ended by itself')
    await left.stop()
    rmSync(dataDir, { recursive: true })
  })

  it('are not taken for an engine that somebody else runs on the port', async () => {
    const [first, second] = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'xianglai-engine-')))
    const theirs = await startEngine({ dataDir: first ?? '', kind: 'dynoxide', log: () => undefined })
    const port = Number(new URL(theirs.endpoint).port)
    expect(listensOn(theirs.pid ?? 0, port)).toBe(true)
    expect(listensOn(process.pid, port)).toBe(false)
    const ours = startEngine({ dataDir: second ?? '', kind: 'dynoxide', port, log: () => undefined })
    await expect(ours).rejects.toThrow(/somebody else|did not start/)
    await theirs.stop()
    for (const folder of [first, second]) rmSync(folder ?? '', { recursive: true })
  })

  it('allow one system per data folder and say who holds it', async () => {
    const of = build()
    const { child } = await startProcess(of)
    await expect(of.start()).rejects.toThrow(`is in use by process ${child.pid}`)
    await expect(startProcess(of)).rejects.toThrow(`is in use by process ${child.pid}`)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    await expect(of.start()).resolves.toBeDefined()
  })

  it('allow one of many that start at the same time', async () => {
    const of = build()
    const results = await Promise.allSettled([1, 2, 3].map(() => startProcess(of)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(String(result.reason)).toContain('is in use by')
  })

  it('give a data folder back, and count a second host of the same process as a second one', () => {
    const of = build()
    const release = lockDataDir(of.dataDir, 'host')
    expect(() => lockDataDir(of.dataDir, 'host')).toThrow(`this process (${process.pid}, host)`)
    const other = lockDataDir(of.dataDir, 'engine')
    release()
    lockDataDir(of.dataDir, 'host')()
    other()
  })
})

describe('the web function', () => {
  it('runs as a server of its own behind $default, once it is ready', async () => {
    const of = build()
    const host = await of.start({ environment: { NAME: 'given' } })
    const body = new Uint8Array([0, 255, 10])
    const answer = await fetch(`${host.url}/shop/%E4%B9%A1?a=1&a=2`, {
      method: 'POST',
      body,
      headers: { cookie: 'x=1; y=2', 'x-forwarded-host': 'evil.example' },
    })
    const seen = (await answer.json()) as { headers: Record<string, string>; [name: string]: unknown }
    expect(seen).toMatchObject({
      url: '/shop/%E4%B9%A1?a=1&a=2',
      method: 'POST',
      body: '00ff0a',
      env: 'LOCALWeb',
      name: 'given',
      gate: null,
    })
    const { host: address } = new URL(host.url)
    expect(seen.headers).toMatchObject({
      host: address,
      cookie: 'x=1; y=2',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': address,
      'x-forwarded-for': '127.0.0.1',
    })
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })

  it('reads again when a kept connection turns out to be closed, and never writes twice', async () => {
    const of = build()
    const host = await of.start()
    const ask = async (method: string, turn: string) => {
      await fetch(`${host.url}/`).then((answer) => answer.text())
      const answer = await fetch(`${host.url}/stale`, { method, headers: { 'x-turn': turn } })
      await answer.text()
      return answer.status
    }
    expect(await ask('GET', 'one')).toBe(200)
    expect(await ask('POST', 'two')).toBe(503)
  })

  it('is started anew after it has ended', async () => {
    const of = build()
    const host = await of.start()
    const first = (await (await fetch(`${host.url}/`)).json()) as { pid: number }
    expect((await fetch(`${host.url}/crash`)).status).toBe(503)
    await eventually(() => of.logs.some((line) => line.includes('Web ended')))
    const second = (await (await fetch(`${host.url}/`)).json()) as { pid: number }
    expect(second.pid).not.toBe(first.pid)
  })

  it('answers 503 when the server takes longer than the function may', async () => {
    const of = build()
    const web = of.resources['Web']
    if (web !== undefined) web.Properties['Timeout'] = 1
    const host = await of.start()
    expect((await fetch(`${host.url}/block`)).status).toBe(503)
  })
})
