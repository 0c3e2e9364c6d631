import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 25

/** Whether children get a process group of their own. On Windows a tree is killed by its root's id instead. */
export const OWN_GROUP: boolean = process.platform !== 'win32'

/** Sends a signal to a child and everything that it started. A group that has gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (!OWN_GROUP) {
    const force = signal === 'SIGKILL' ? ['/F'] : []
    spawn('taskkill', ['/pid', String(pid), '/T', ...force], { stdio: 'ignore', windowsHide: true }).on('error', () => undefined)
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // ESRCH: nobody is left. EPERM: what is left belongs to another user and cannot be ours to stop.
  }
}

/** Asks a group to end, waits up to `graceMs` for it, then kills what is left. */
export async function endGroup(pid: number, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  signalGroup(pid, signal)
  const deadline = performance.now() + graceMs
  while (canBeSignalled(pid) && performance.now() < deadline) await sleep(POLL_MS)
  signalGroup(pid, 'SIGKILL')
}

/** Unlike a process, a group that may not be signalled has none left of ours; on macOS it may be one of zombies. */
function canBeSignalled(pid: number): boolean {
  try {
    process.kill(OWN_GROUP ? -pid : pid, 0)
    return true
  } catch {
    return false
  }
}
