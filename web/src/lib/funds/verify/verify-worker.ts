import type { Order, Told } from './told.ts'
import { verifyExport } from './verify-export.ts'

/** Verifies in a thread of its own, so that the page stays alive. It is stopped by ending the thread. */
const TELL_EVERY_MS = 100
const post = (told: Told) => self.postMessage(told)

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  let toldMs = 0
  const result = await verifyExport(
    data,
    (url) => fetch(url, { cache: 'no-store' }),
    (entries) => {
      if (performance.now() - toldMs < TELL_EVERY_MS) return
      toldMs = performance.now()
      post({ kind: 'progress', entries })
    },
  )
  post({ kind: 'result', result })
}
