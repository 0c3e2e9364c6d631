import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { cacheSection, type CacheSection } from '../core/section.ts'
import { setupOf, type ShieldSettings } from '../core/settings.ts'
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

/** A tar.gz with one file, as Nx makes them. `size` bytes of content that does not compress. */
export function archive(content: Buffer | string = 'content'): Buffer {
  const body = Buffer.from(content)
  const header = Buffer.alloc(512)
  header.write('out.txt', 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        0', 148)
  header.write('ustar\0', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512)
  return gzipSync(Buffer.concat([header, body, padding, Buffer.alloc(1024)]))
}
