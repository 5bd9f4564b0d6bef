import { spawn } from 'node:child_process'
import type { ChildProcess, Serializable } from 'node:child_process'

/**
 * A child process that cannot outlive this one. A small shell stands between: it holds a pipe from us and kills the
 * child when the pipe closes, which it does however this process ends, and even if the child is too busy to notice.
 */
export interface GuardedProcess {
  /** Process number of the child itself, not of the shell. */
  readonly pid: number
  readonly running: () => boolean
  /** Resolves with the exit code (128 + signal after a signal) once the child is gone. */
  readonly gone: Promise<number>
  /** The last 2,000 characters the child wrote. */
  readonly tail: () => string
  readonly send: (message: Serializable) => void
  /** Asks the child to end and kills it when it has not after `withinMs`. */
  readonly stop: (withinMs: number) => Promise<void>
}

export interface GuardedOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Opens a Node channel to the child for `send`. */
  readonly channel?: boolean
  readonly onOutput?: (chunk: Buffer) => void
}

/** stdin of a background job is /dev/null, so the lifeline is kept as descriptor 5; 3 reports the child’s number. */
const GUARD = `exec 5<&0
"$@" </dev/null 3>&- 5<&- & child=$!
{ echo "$child" >&3; exec 3>&- 4>&-; while read -r _; do :; done; kill -KILL $child 2>/dev/null; } <&5 >/dev/null 2>&1 &
guard=$!
exec 3>&- 4>&- 5<&- </dev/null
wait $child; code=$?
kill $guard 2>/dev/null
exit $code`

export async function startGuarded(command: readonly string[], options: GuardedOptions = {}): Promise<GuardedProcess> {
  const shell = spawn('sh', ['-c', GUARD, 'guard', ...command], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', options.channel === true ? 'ipc' : 'ignore'],
    // A terminal's interrupt reaches this process only, which then ends its children in order.
    detached: true,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.env !== undefined && { env: options.env }),
  })
  let tail = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-2_000)
      options.onOutput?.(chunk)
    })
  }
  shell.stdin?.on('error', () => undefined)
  const gone = new Promise<number>((resolve, reject) => {
    shell.once('exit', (code, signal) => resolve(code ?? (signal === null ? 0 : 128)))
    shell.once('error', reject)
  })
  const pid = await Promise.race([
    new Promise<number>((resolve) =>
      shell.stdio[3]?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
    ),
    gone.then(() => 0),
  ])
  const running = () => shell.exitCode === null && shell.signalCode === null
  return { pid, running, gone, tail: () => tail.trim(), send: (message) => sendTo(shell, message), stop }

  async function stop(withinMs: number): Promise<void> {
    if (running()) {
      signal(pid, 'SIGTERM')
      const late = setTimeout(() => signal(pid, 'SIGKILL'), withinMs)
      await gone
      clearTimeout(late)
    }
    shell.stdin?.destroy()
  }
}

function sendTo(shell: ChildProcess, message: Serializable): void {
  // A child that is about to end has closed its channel already; it needs no message any more.
  if (shell.connected) shell.send(message, () => undefined)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}
