import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { cacheSection, type CacheSection } from '../core/section.ts'
import { setupOf, type ShieldSettings } from '../core/settings.ts'
import { CODE_OF_SUCCESS, tarArchive } from '../core/tar.ts'
import { createGate, type Gate, type Run } from '../io/gate.ts'
import type { Handshake } from '../io/handshake.ts'
import { createShieldServer } from '../io/shield/server.ts'
import { createShield, type Shield } from '../io/shield/state.ts'

/** A listener and a shield in the process of the test, as the hook would join them. */
export interface LocalShield {
  readonly shield: Shield
  /** Where the shield itself listens, behind the listener. */
  readonly handshake: Handshake
  readonly gate: Gate
  readonly run: Run
  readonly folder: string
  /** Where Nx would ask. */
  readonly address: string
  readonly get: (hash: string) => Promise<Response>
  readonly put: (hash: string, bytes: Buffer) => Promise<Response>
  readonly dispose: () => Promise<void>
}

/** Settings as interlock.yaml and the environment make them. */
export function testSettings(
  section: Partial<CacheSection> & { readonly url: string },
  env: Record<string, string> = {},
): ShieldSettings {
  const setup = setupOf(cacheSection.parse(section), { INTERLOCK_CACHE_TOKEN: 'token', ...env })
  if (setup.kind === 'off') throw new Error('these settings are no cache')
  return setup.settings
}

/** `named` is where large bodies lie: a fresh one unless it is named. */
export async function createLocalShield(settings: ShieldSettings, named?: string): Promise<LocalShield> {
  const folder = named ?? mkdtempSync(join(tmpdir(), 'interlock-shield-'))
  const shield = createShield(settings, folder)
  const secret = 'the secret of this test, which nobody else knows'
  const server = createShieldServer(shield, secret)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const handshake = { pid: process.pid, port: (server.address() as AddressInfo).port, secret }
  const gate = await createGate({ shield: async () => handshake, lost: () => undefined })
  const run = gate.open()
  const headers = { authorization: `Bearer ${run.bearer}` }
  return {
    shield,
    handshake,
    gate,
    run,
    folder,
    address: gate.address,
    get: async (hash) => fetch(`${gate.address}/v1/cache/${hash}`, { headers }),
    put: async (hash, bytes) => fetch(`${gate.address}/v1/cache/${hash}`, { method: 'PUT', headers, body: bytes }),
    dispose: async () => {
      gate.close()
      shield.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (named === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The artifact of a task that wrote one file and ended well. */
export function archive(content: Buffer | string = 'content'): Buffer {
  return gzipSync(tarArchive({ code: CODE_OF_SUCCESS, 'out.txt': Buffer.from(content) }))
}
