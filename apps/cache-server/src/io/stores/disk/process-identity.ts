import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Who a process is, beyond its number: numbers are used again, most of all in containers, where the first process is
 * always 1. Where the system does not say, a part is `0`.
 */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks between the start of the machine and that of the process. */
  readonly started: string
  readonly host: string
  /** Changes when the machine starts again. */
  readonly boot: string
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid), host: short(hostname()), boot: short(bootId()) }
}

/** Whether the process may still be there; one of another machine or container always may. */
export function mayBeAlive(other: ProcessIdentity): boolean {
  const own = ownIdentity()
  if (other.host !== own.host) return true
  if (other.boot !== own.boot) return false
  if (!isRunning(other.pid)) return false
  const started = startOf(other.pid)
  return started === '0' || other.started === '0' || started === other.started
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Anything but "no such process" means that there is one, e.g. of another user.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

/** Field 22 of `/proc/<pid>/stat`; the second field is the name, in brackets, and may hold anything. */
function startOf(pid: number): string {
  const text = readText(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id') ?? ''
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function short(text: string): string {
  return text === '' ? '0' : createHash('sha256').update(text.trim()).digest('hex').slice(0, 12)
}
