import { readFileSync } from 'node:fs'
import { startEngine } from '../../cdk/local/engine.ts'
import { startHost } from '../../cdk/local/host.ts'
import type { HostOptions } from '../../cdk/local/host.ts'

/** A whole system in a process of its own, to be killed by tests: `node host-process.ts options.json`. */
const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Omit<HostOptions, 'engine' | 'log'>
const log = (line: string) => console.error(line)
try {
  const engine = await startEngine({ dataDir: options.dataDir, kind: 'dynoxide', log })
  const host = await startHost({ ...options, engine, log })
  if (host.url !== '') await fetch(`${host.url}/`)
  process.on('SIGTERM', () => {
    void host
      .close()
      .then(() => engine.stop())
      .then(() => process.exit(0))
  })
  console.log(JSON.stringify({ url: host.url, enginePid: engine.pid, webPid: host.stats().webPid }))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
