import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface LineOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs: number
}

/** What lines of a shell print; they are killed, with all that they have started, when they take too long. */
export async function runLine(line: string, { timeoutMs, ...options }: LineOptions): Promise<string> {
  // The head of a group of its own: a build goes on in processes below the shell.
  const child = spawn('bash', ['-ec', line], { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed: Buffer[] = []
  const all: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk) && all.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => all.push(chunk))
  let late = false
  const timer = setTimeout(() => {
    late = true
    if (child.pid !== undefined) endGroup(child.pid)
    // What has left the group may hold the other ends.
    child.stdout.destroy()
    child.stderr.destroy()
  }, timeoutMs)
  const [status, signal] = (await once(child, 'close').finally(() => clearTimeout(timer))) as [number | null, string | null]
  if (status === 0 && !late) return Buffer.concat(printed).toString()
  const end = late ? `did not end within ${timeoutMs / 1000} s and was killed` : `ended with ${signal ?? `status ${status}`}`
  throw new Error(`${line}\n${end}\n${Buffer.concat(all).toString().trim().split('\n').slice(-40).join('\n')}`)
}

/** Ends a group of processes, which may be gone. */
function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
