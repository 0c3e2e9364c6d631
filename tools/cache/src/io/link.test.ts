import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '@interlock/kit/system'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testSettings } from '../testing/local-shield.ts'
import { end } from '../testing/run-workspace.ts'
import { launchShield } from './launch.ts'
import { createLink, type RunsLink } from './link.ts'
import type { ShieldOrder } from './shield/main.ts'

let folder: string
let link: RunsLink
let order: ShieldOrder
const pids: number[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-link-'))
  const settings = testSettings({ url: 'http://127.0.0.1:1' })
  order = { settings, key: 'ab'.repeat(16), folder, lingerMs: 60_000, idleMs: 60_000 }
  link = createLink(order)
})
afterEach(() => {
  for (const pid of pids.splice(0)) end(pid)
  rmSync(folder, { recursive: true, force: true })
})

async function started(): Promise<number> {
  const { pid } = await link.shield()
  pids.push(pid)
  return pid
}

/** Ends a shield as its idle time does: nobody is told. */
async function ended(pid: number): Promise<void> {
  end(pid)
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false)
}

test('a process that serves many runs, as the daemon does, follows each shield that ended between two of them', async () => {
  const seen = new Set<number>()
  for (let run = 0; run < 6; run += 1) {
    link.join(`run-${run}`)
    const pid = await started()
    seen.add(pid)
    expect(await link.leave(`run-${run}`, 1000)).toMatchObject({ done: 0, waiting: 0 })
    await ended(pid)
  }
  expect(seen.size).toBe(6)
})

test('within one run a shield that does not stay is followed by three more, and then by none', async () => {
  link.join('run')
  for (let launch = 0; launch < 4; launch += 1) {
    const handshake = await link.shield()
    await ended(handshake.pid)
    link.lost(handshake)
  }
  await expect(link.shield()).rejects.toThrow('4 shields were lost')
  link.join('next')
  expect(await started()).toBeGreaterThan(0)
})

test('runs that start at the same moment agree on one shield, and none of them goes without', async () => {
  const handshakes = await Promise.all(Array.from({ length: 4 }, async () => launchShield(order)))
  pids.push(...handshakes.map(({ pid }) => pid))
  expect(new Set(pids).size).toBe(1)
})
