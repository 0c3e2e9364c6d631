import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '@interlock/kit/system'
import type { ShieldSettings } from '../../core/settings.ts'
import { type Handshake, offerHandshake, removeHandshake } from '../handshake.ts'
import { createShieldServer } from './server.ts'
import { createShield, type Shield } from './state.ts'

/** What a shield is told on its standard input. */
export interface ShieldOrder {
  readonly settings: ShieldSettings
  readonly key: string
  /** Where the handshake and large bodies lie. */
  readonly folder: string
  /** Milliseconds that it stays after its last run, and after the last request of any. */
  readonly lingerMs: number
  readonly idleMs: number
}

/** Runs a shield until nobody needs it. `announce` gets what its starter has to know, once it listens. */
export async function runShield(order: ShieldOrder, announce: (handshake: Handshake) => void): Promise<void> {
  // One defect in one request must not take the runs of this machine with it.
  process.on('uncaughtException', () => undefined)
  process.on('unhandledRejection', () => undefined)
  const spoolFolder = spoolFolderIn(order.folder)
  const shield = createShield(order.settings, spoolFolder)
  const secret = randomBytes(32).toString('base64url')
  const server = createShieldServer(shield, secret)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const handshake: Handshake = { pid: process.pid, port: (server.address() as AddressInfo).port, secret }
  const offered = await offerHandshake(order.folder, order.key, handshake)
  if (offered.kind === 'taken') {
    announce(offered.handshake)
    end(shield, spoolFolder)
  }
  announce(handshake)
  await untilUnused(shield, order)
  if (offered.kind === 'written') removeHandshake(offered.file, handshake)
  end(shield, spoolFolder)
}

async function untilUnused(shield: Shield, { lingerMs, idleMs }: ShieldOrder): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(1000, lingerMs)))
    const { milliseconds, parents } = shield.idle()
    const isUnused = parents === 0 && milliseconds > lingerMs && shield.uploads.waiting() === 0
    if (isUnused || milliseconds > idleMs) return
  }
}

function end(shield: Shield, folder: string | undefined): never {
  shield.close()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}

/** A folder of this process alone; what dead shields left is removed. `undefined` where nothing can be written at all. */
function spoolFolderIn(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    removeLeftovers(folder)
    const own = join(folder, `spool-${process.pid}`)
    mkdirSync(own, { mode: 0o700 })
    return own
  } catch {
    return temporaryFolder()
  }
}

function temporaryFolder(): string | undefined {
  try {
    return mkdtempSync(join(tmpdir(), 'interlock-cache-'))
  } catch {
    return undefined
  }
}

function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^spool-(\d+)$/u.exec(name)?.[1]
    // In a container a process often has the number of the one before it.
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      rmSync(join(folder, name), { recursive: true, force: true })
  }
}
