import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { kindOfAddress } from '#functions/platform/outgoing/address.ts'
import { resolveHost } from '#functions/platform/outgoing/resolve.ts'

/** Goal: names are looked up for real, and whoever waits for it is told in time. */
const sockets: Socket[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const socket of sockets.splice(0)) socket.close()
})

/** A name server on this machine that every resolver asks; it answers A with `v4`, AAAA with `v6`, or never. */
async function aNameServer(answers: { v4?: string[]; v6?: string[] } | 'silent'): Promise<void> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.on('message', (asked, from) => {
    if (answers === 'silent') return
    const isV6 = asked.readUInt16BE(asked.length - 4) === 28 || asked.includes(Buffer.from([0, 28, 0, 1]))
    const found = (isV6 ? answers.v6 : answers.v4) ?? []
    const end = asked.indexOf(0, 12) + 5
    const header = Buffer.from(asked.subarray(0, end))
    header.writeUInt16BE(0x8180, 2)
    header.writeUInt16BE(found.length, 6)
    header.writeUInt16BE(0, 10)
    const records = found.map((text) => {
      const data = isV6 ? v6Bytes(text) : Buffer.from(text.split('.').map(Number))
      const head = Buffer.from([0xc0, 12, 0, isV6 ? 28 : 1, 0, 1, 0, 0, 0, 60, 0, data.length])
      return Buffer.concat([head, data])
    })
    socket.send(Buffer.concat([header, ...records]), from.port, from.address)
  })
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  const { port } = socket.address()
  const real = Resolver.prototype.resolve4
  const pointed = function (this: Resolver, host: string) {
    this.setServers([`127.0.0.1:${port}`])
    return Reflect.apply(real, this, [host]) as Promise<string[]>
  }
  vi.spyOn(Resolver.prototype, 'resolve4').mockImplementation(pointed as never)
}

const v6Bytes = (text: string) =>
  Buffer.concat(
    text.split(':').map((part) => Buffer.from([Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255])),
  )

describe('a name', () => {
  it('has all its addresses, IPv4 first', async () => {
    await aNameServer({ v4: ['8.8.8.8', '10.0.0.1'], v6: ['2606:4700:4700:0:0:0:0:1111'] })
    expect(await resolveHost('hook.test')).toEqual(['8.8.8.8', '10.0.0.1', '2606:4700:4700::1111'])
  })

  it('may have addresses of one kind only, or none', async () => {
    await aNameServer({ v6: ['2606:4700:4700:0:0:0:0:1111'] })
    expect(await resolveHost('six.test')).toEqual(['2606:4700:4700::1111'])
    vi.restoreAllMocks()
    await aNameServer({})
    expect(await resolveHost('none.test')).toEqual([])
  })

  it('that nobody answers for has none, before whoever waits has gone', async () => {
    await aNameServer('silent')
    const startedMs = performance.now()
    expect(await resolveHost('silent.test')).toEqual([])
    expect(performance.now() - startedMs).toBeLessThan(7_000)
  })

  it('of this machine leads to this machine, and nowhere that would be let through', async () => {
    for (const address of await resolveHost('localhost')) expect(kindOfAddress(address)).toBe('this-machine')
  })
})
