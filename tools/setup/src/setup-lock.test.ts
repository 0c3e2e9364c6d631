import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acquireSetupLock } from './setup-lock.mjs'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-lock-'))
  file = join(folder, 'deep', 'setup.lock')
})
afterEach(() => rmSync(folder, { force: true, recursive: true }))

const quiet = { pollMs: 20, print: (): void => {} }

describe('the set-up lock', () => {
  it('is gone after release', async () => {
    const lock = await acquireSetupLock(file, quiet)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid })
    lock.release()
    expect(existsSync(file)).toBe(false)
  })

  it('makes a second set-up wait, and says for whom', async () => {
    const first = await acquireSetupLock(file, quiet)
    const said: string[] = []
    let second: { release: () => void } | undefined
    const waiting = acquireSetupLock(file, { ...quiet, print: (line) => said.push(line) }).then((lock) => (second = lock))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(second).toBeUndefined()
    expect(said.join()).toContain(`process ${process.pid}`)
    first.release()
    await waiting
    expect(second).toBeDefined()
    second?.release()
  })

  it('is taken over from a process that was killed', async () => {
    await leaveBehind({ pid: await goneProcess() })
    const lock = await acquireSetupLock(file, quiet)
    expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(process.pid)
    lock.release()
  })

  it('is taken over when its process id lives on as something else that never touches it', async () => {
    await leaveBehind({ pid: process.ppid })
    utimesSync(file, new Date(0), new Date(0))
    const lock = await acquireSetupLock(file, { ...quiet, watchMs: 150 })
    lock.release()
    expect(existsSync(file)).toBe(false)
  })

  it('waits for the child that a killed set-up left behind', async () => {
    const orphan = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 400)'])
    await leaveBehind({ child: orphan.pid, pid: await goneProcess() })
    const ended = once(orphan, 'close').then(() => performance.now())
    const lock = await acquireSetupLock(file, quiet)
    const acquired = performance.now()
    expect(acquired).toBeGreaterThanOrEqual(await ended)
    lock.release()
  })

  it('is not stolen from a holder that is alive, and gives up with a hint', async () => {
    const first = await acquireSetupLock(file, quiet)
    await expect(acquireSetupLock(file, { ...quiet, patienceMs: 100 })).rejects.toThrow(/held .* for too long/)
    first.release()
  })
})

async function leaveBehind(holder: { pid: number; child?: number | undefined }): Promise<void> {
  const lock = await acquireSetupLock(file, quiet)
  lock.release()
  writeFileSync(file, JSON.stringify(holder))
}

async function goneProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  return child.pid ?? 0
}
