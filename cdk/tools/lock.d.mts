/** Runs `work` alone among all processes that name the same directory; see lock.mjs. */
export function alone<T>(
  directory: string,
  work: () => T | Promise<T>,
  options?: { waiting?: (holder: number) => void; patienceMs?: number },
): Promise<T>
