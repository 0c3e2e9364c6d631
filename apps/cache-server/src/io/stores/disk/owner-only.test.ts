import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { putBytes, sampleBytes, sampleKey } from '../../../testing/store-samples.ts'
import type { DiskEvent } from './events.ts'
import { openDiskStore } from './disk-store.ts'
import { makeFolders } from './owner-only.ts'
import { layoutOf } from './layout.ts'

let parent: string
beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'interlock-owner-'))))
afterEach(async () => rm(parent, { recursive: true, force: true }))

async function fill(directory: string): Promise<readonly DiskEvent[]> {
  const events: DiskEvent[] = []
  const store = await openDiskStore({ directory, durability: 'none', now: Date.now, onEvent: (event) => events.push(event) })
  await putBytes(store, sampleKey(), sampleBytes('bytes', 10))
  // The lock is there only while the store is open.
  expect(await openToOthers(directory)).toEqual([])
  await store.close()
  return events
}

/** What in a folder, and the folder, others than the owner may do something with. */
async function openToOthers(directory: string): Promise<readonly string[]> {
  const names = ['', ...(await readdir(directory, { recursive: true }))]
  expect(names.length).toBeGreaterThan(7)
  const modes = await Promise.all(names.map(async (name) => ({ name, mode: (await stat(join(directory, name))).mode })))
  return modes.filter(({ mode }) => (mode & 0o077) !== 0).map(({ name, mode }) => `${name} ${(mode & 0o777).toString(8)}`)
}

describe.runIf(process.platform !== 'win32')('what a store makes on disk', () => {
  it('is for its owner alone, folders and files, whatever the mask of the process', async () => {
    const mask = process.umask(0)
    try {
      expect(await fill(join(parent, 'of', 'store'))).toEqual([])
    } finally {
      process.umask(mask)
    }
    expect((await stat(join(parent, 'of'))).mode & 0o777).toBe(0o700)
  })

  it('is made so, and named, where it was open to others', async () => {
    const directory = join(parent, 'store')
    await mkdir(directory)
    await writeFile(join(directory, 'index.journal'), '')
    await chmod(directory, 0o755)
    await chmod(join(directory, 'index.journal'), 0o644)
    expect(await fill(directory)).toEqual([
      { kind: 'narrowed-to-owner', path: directory, mode: '0755' },
      { kind: 'narrowed-to-owner', path: join(directory, 'index.journal'), mode: '0644' },
    ])
  })

  it.runIf(process.getuid?.() === 0)('is named where the process may not change it', async () => {
    const directory = join(parent, 'store')
    for (const folder of ['blobs/sha256', 'locks', 'tmp']) await mkdir(join(directory, folder), { recursive: true })
    await chmod(parent, 0o755)
    await chmod(directory, 0o777)
    const events: DiskEvent[] = []
    process.seteuid?.(65_534)
    try {
      await makeFolders(layoutOf(directory), (event) => events.push(event))
    } finally {
      process.seteuid?.(0)
    }
    expect(events).toEqual([{ kind: 'open-to-others', path: directory, mode: '0777' }])
  })
})

it('a folder that cannot be one is a matter of configuration, not a defect', async () => {
  const file = join(parent, 'file')
  await writeFile(file, 'no folder')
  const below = join(file, 'store')
  for (const directory of [file, below]) {
    const opening = openDiskStore({ directory, durability: 'none', now: Date.now, onEvent: () => undefined })
    await expect(opening).rejects.toMatchObject({ code: 'CACHE_STORE_UNFIT', file: directory, hint: expect.any(String) })
  }
})
