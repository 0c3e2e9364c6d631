import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The daemon of one workspace and what it had used when a measurement began. */
export interface Daemon {
  readonly root: string
  readonly before: Usage
}

export interface Usage {
  readonly pid: number | undefined
  /** Seconds. */
  readonly user: number
  readonly system: number
  /** MiB. */
  readonly memory: number
}

const TICKS_PER_SECOND = 100

/** Reads the daemon's counters and lets its peak begin anew. */
export function beginUsage(root: string): Daemon {
  const before = usageOf(root)
  if (before.pid !== undefined) for (const pid of family(before.pid)) forgetPeak(pid)
  return { root, before }
}

const POLL_MS = 250
/** A daemon that is still busy after this many polls is measured as it is: one with foreign plugins may never rest. */
const MOST_POLLS = 24

/** What the daemon used since `before`, once it has been idle for a moment. */
export async function settledUsage({ root, before }: Daemon): Promise<Usage> {
  let last = usageOf(root)
  for (let poll = 0, idle = 0; last.pid !== undefined && idle < 2 && poll < MOST_POLLS; poll++) {
    await sleep(POLL_MS)
    const next = usageOf(root)
    idle = next.user + next.system === last.user + last.system ? idle + 1 : 0
    last = next
  }
  const same = last.pid === before.pid
  return { ...last, user: last.user - (same ? before.user : 0), system: last.system - (same ? before.system : 0) }
}

function usageOf(root: string): Usage {
  const pid = daemonPid(root)
  if (pid === undefined) return { pid, user: 0, system: 0, memory: 0 }
  const processes = family(pid)
  const counters = processes.map(countersOf)
  return {
    pid,
    user: sum(counters.map(({ user }) => user)) / TICKS_PER_SECOND,
    system: sum(counters.map(({ system }) => system)) / TICKS_PER_SECOND,
    memory: sum(processes.map(peakOf)),
  }
}

function daemonPid(root: string): number | undefined {
  const file = join(root, '.nx', 'workspace-data', 'd', 'server-process.json')
  if (!existsSync(file)) return undefined
  const { processId } = JSON.parse(readFileSync(file, 'utf8')) as { readonly processId: number }
  return existsSync(`/proc/${processId}/stat`) ? processId : undefined
}

/** The process and everything below it. */
function family(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry)) parents.set(Number(entry), Number(statOf(Number(entry))[1]))
  }
  const found = [pid]
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child)
  return found
}

/** Own time and that of children that have ended and were waited for. */
function countersOf(pid: number): { user: number; system: number } {
  const fields = statOf(pid).map(Number)
  return { user: (fields[11] ?? 0) + (fields[13] ?? 0), system: (fields[12] ?? 0) + (fields[14] ?? 0) }
}

/** Fields of /proc/PID/stat from the state on; the name before may have spaces. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
