import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { archive } from './testing/local-shield.ts'
import { createTestCache } from './testing/test-cache.ts'

const LARGE = archive(randomBytes(6 * 1024 * 1024))

/** The flag that makes a private mount namespace here; `undefined` where this user or system cannot. */
const NAMESPACE = ['-m', '-rm'].find((flag) => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-mount-'))
  const result = spawnSync('unshare', [flag, 'mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder])
  rmSync(folder, { recursive: true })
  return result.status === 0
})

describe.skipIf(NAMESPACE === undefined)('where the disk of the shield is full', () => {
  it('large artifacts are neither found nor uploaded, small ones are, and Nx hears of no fault', async () => {
    const cache = await createTestCache()
    cache.store.set('large', LARGE)
    cache.store.set('small', archive('small'))
    const folder = mkdtempSync(join(tmpdir(), 'interlock-full-'))
    const mount = 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"'
    const program = join(import.meta.dirname, 'testing', 'full-disk-client.ts')
    const hooks = ['--conditions=@interlock/source', '--import', '@swc-node/register/esm-register']
    const child = spawn('unshare', [
      NAMESPACE ?? '-m',
      'sh',
      '-c',
      mount,
      'sh',
      folder,
      process.execPath,
      ...hooks,
      program,
      cache.url,
      folder,
    ])
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const status = await new Promise((resolve) => child.once('close', resolve))
    expect({ status, output }).toEqual({ status: 0, output: expect.any(String) as string })
    expect(JSON.parse(output)).toEqual({
      statuses: { getLarge: 404, getSmall: 200, putLarge: 200, putSmall: 200 },
      faults: { 'disk failed': 1 },
      dropped: { 'disk failed': 1 },
      uploads: { done: 1 },
      breaker: 'closed',
    })
    rmSync(folder, { recursive: true, force: true })
    await cache.dispose()
  })
})
