import { installEngineGate } from './engine-gate.ts'
import type { GateSettings } from './engine-gate.ts'
import type { FaultPlan } from './faults.ts'

/**
 * Loaded before the web server of a child process: the same gate to the engine as in a worker, and an orderly end when
 * the channel to the host closes (a guard kills the child if it is too busy for that).
 */
const encoded = process.env['LOCAL_HOST_GATE']
if (encoded === undefined || process.send === undefined) throw new Error('this file is loaded by the local host only')
delete process.env['LOCAL_HOST_GATE']
const gate = installEngineGate(JSON.parse(encoded) as GateSettings)

process.on('disconnect', () => process.exit(0))
process.on('message', (message: { readonly kind: 'faults'; readonly plan: FaultPlan | null }) => {
  if (message.kind === 'faults') gate.setFaults(message.plan)
})
process.channel?.unref()
