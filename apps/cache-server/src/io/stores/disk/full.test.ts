import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { storeCommand } from '../../../testing/run-store-process.ts'

/** The flag that makes a private mount namespace here; `undefined` where this user or system cannot. */
const NAMESPACE = ['-m', '-rm'].find((flag) => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-mount-'))
  const result = spawnSync('unshare', [flag, 'mount', '-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder])
  rmSync(folder, { recursive: true })
  return result.status === 0
})

/** Runs the scenario on a file system of its own that has only so much room; what it said, by its first word. */
function runOn(options: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-full-'))
  try {
    const mount = ['sh', '-c', `mount -t tmpfs -o ${options} tmpfs "$0" && exec "$@"`, folder]
    const command = ['unshare', NAMESPACE ?? '-m', ...mount, ...storeCommand(folder, 'full')]
    const { stdout, stderr, status } = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return Object.fromEntries(stdout.split('\n').map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.skipIf(NAMESPACE === undefined)('a file system of its own', () => {
  it('cache-26: a full disk refuses uploads and nothing else; removals free it, and uploads work again', () => {
    const said = runOn('size=8m')
    expect(said).toMatchObject({
      stopped: 'fault: full',
      files: 'left',
      more: 'fault: full',
      uploads: 'left 0',
      probe: 'fault: full',
      again: 'published',
      kept: '4',
    })
    const published = Number(said['published'])
    expect(published).toBeGreaterThan(10)
    expect(said).toMatchObject({ whole: String(published), removed: String(published - 3), gone: String(published - 3) })
  })

  it('cache-27: a file system without a free inode behaves like a full one', () => {
    const said = runOn('size=512m,nr_inodes=300')
    expect(said).toMatchObject({
      stopped: 'fault: full',
      files: 'none',
      more: 'fault: full',
      uploads: 'left 0',
      probe: 'fault: full',
      again: 'published',
      kept: '4',
    })
    const published = Number(said['published'])
    expect(said).toMatchObject({ whole: String(published), removed: String(published - 3), gone: String(published - 3) })
  })
})
