import { hangUp } from './demo/http-client.ts'
import { readFlags, type Result, runTool, Usage } from './result.ts'

/** `npm run bench [-- orders|hot|reads|growth|lifecycle|fund|governance]`: each starts a system of its own, measures, and removes it. */
const kinds: Readonly<Record<string, () => Promise<Result>>> = {
  orders: async () => (await import('./bench/orders.ts')).benchOrders(),
  hot: async () => (await import('./bench/hot.ts')).benchHot(),
  reads: async () => (await import('./bench/reads.ts')).benchReads(),
  growth: async () => (await import('./bench/growth.ts')).benchGrowth(),
  lifecycle: async () => (await import('./bench/lifecycle.ts')).benchLifecycle(),
  fund: async () => (await import('./bench/fund.ts')).benchFund(),
  governance: async () => (await import('./bench/governance.ts')).benchGovernance(),
}

await runTool(async () => {
  const { positionals } = readFlags({}, 'any')
  const [kind = 'orders', ...more] = positionals
  const measure = kinds[kind]
  if (measure === undefined || more.length > 0)
    throw new Usage(`bench measures one of ${Object.keys(kinds).join(', ')}`)
  try {
    return await measure()
  } finally {
    hangUp()
  }
})
