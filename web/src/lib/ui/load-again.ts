import { invalidateAll } from '$app/navigation'

/**
 * Loads the page's data anew now and then while it can be seen. The system is asked first whether it answers: a load that
 * fails would put an error page in the place of what is shown. Returns how to stop.
 */
export function loadAgain(everyMs: number): () => void {
  let asking = false
  async function turn(): Promise<void> {
    if (asking || document.visibilityState !== 'visible') return
    asking = true
    try {
      const health = await fetch('/api/health', { cache: 'no-store' }).catch(() => undefined)
      if (health?.ok) await invalidateAll()
    } finally {
      asking = false
    }
  }
  const timer = setInterval(() => void turn(), everyMs)
  return () => clearInterval(timer)
}
