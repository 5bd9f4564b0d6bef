import { describe, expect, it } from 'vitest'
import { kindOfAddress } from '#functions/platform/outgoing/address.ts'

/** Goal: a request that others aim goes to the open internet and nowhere else. */
describe('an address leads', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['1.1.1.1', 'public'],
    ['101.6.6.6', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.1', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.1', 'public'],
    ['2606:4700:4700::1111', 'public'],
    ['240e::1', 'public'],
    ['[2606:4700:4700::1111]', 'public'],
    ['127.0.0.1', 'this-machine'],
    ['127.255.255.254', 'this-machine'],
    ['::1', 'this-machine'],
    ['[::1]', 'this-machine'],
    // Private networks.
    ['10.0.0.1', 'refused'],
    ['172.16.0.1', 'refused'],
    ['172.31.255.255', 'refused'],
    ['192.168.1.1', 'refused'],
    ['fc00::1', 'refused'],
    ['fd12:3456::1', 'refused'],
    ['fec0::1', 'refused'],
    // Where credentials are handed out.
    ['169.254.169.254', 'refused'],
    ['169.254.170.2', 'refused'],
    ['fd00:ec2::254', 'refused'],
    ['100.100.100.200', 'refused'],
    ['fe80::1', 'refused'],
    ['fe80::1%eth0', 'refused'],
    ['2606:4700:4700::1111%1', 'refused'],
    // Not of the internet at all.
    ['0.0.0.0', 'refused'],
    ['0.1.2.3', 'refused'],
    ['::', 'refused'],
    ['100.64.0.1', 'refused'],
    ['100.127.255.255', 'refused'],
    ['192.0.0.1', 'refused'],
    ['192.0.2.1', 'refused'],
    ['192.88.99.1', 'refused'],
    ['198.18.0.1', 'refused'],
    ['198.51.100.1', 'refused'],
    ['203.0.113.1', 'refused'],
    ['224.0.0.1', 'refused'],
    ['239.255.255.255', 'refused'],
    ['240.0.0.1', 'refused'],
    ['255.255.255.255', 'refused'],
    ['ff02::1', 'refused'],
    ['100::1', 'refused'],
    ['2001:db8::1', 'refused'],
    ['3fff::1', 'refused'],
    ['5f00::1', 'refused'],
    ['4000::1', 'refused'],
    ['e000::1', 'refused'],
    // IPv4 within IPv6, in each spelling.
    ['::ffff:127.0.0.1', 'refused'],
    ['::ffff:8.8.8.8', 'refused'],
    ['::ffff:7f00:1', 'refused'],
    ['::ffff:0:127.0.0.1', 'refused'],
    ['::127.0.0.1', 'refused'],
    ['64:ff9b::7f00:1', 'refused'],
    ['64:ff9b:1::a00:1', 'refused'],
    ['2002:7f00:1::', 'refused'],
    ['2001:0:7f00:1::', 'refused'],
    // No address.
    ['example.com', 'refused'],
    ['', 'refused'],
    ['localhost', 'refused'],
  ] as const)('%s: %s', (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind)
  })

  it.each([
    ['https://2130706433/', 'this-machine'],
    ['https://0x7f.1/', 'this-machine'],
    ['https://0177.0.0.1/', 'this-machine'],
    ['https://127.1/', 'this-machine'],
    ['https://10.1/', 'refused'],
    ['https://0xa9fea9fe/', 'refused'],
    ['https://①②⑦.0.0.1/', 'this-machine'],
    ['https://[::ffff:169.254.169.254]/', 'refused'],
    ['https://0/', 'refused'],
  ] as const)('however it is written: %s', (url, kind) => {
    expect(kindOfAddress(new URL(url).hostname)).toBe(kind)
  })
})
