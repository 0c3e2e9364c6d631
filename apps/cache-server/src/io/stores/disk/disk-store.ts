import { randomUUID } from 'node:crypto'
import { readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRows, type Rows } from '../../../core/journal/rows.ts'
import { StoreFault, type Free, type Store, type UsedEntry } from '../../store.ts'
import { openBlobs } from './blobs.ts'
import { remove, setState } from './change.ts'
import type { DiskEvent } from './events.ts'
import { onMedium } from './fault.ts'
import { openJournal, type Journal } from './journal.ts'
import { layoutOf, type Layout } from './layout.ts'
import { loadJournal } from './load-journal.ts'
import { lockDirectory } from './lock.ts'
import { createMemory } from './memory.ts'
import { makeFolders, OWNER_ONLY } from './owner-only.ts'
import type { Parts } from './parts.ts'
import { asDiskStaging, publish } from './publish.ts'
import { read } from './read.ts'
import { createSerial } from './serial.ts'
import { openStaging } from './staging.ts'
import type { Durability } from './sync.ts'
import { startUpkeep } from './upkeep.ts'

export interface DiskStoreOptions {
  /** Made when it is missing; for this store alone. */
  readonly directory: string
  readonly durability: Durability
  /** Milliseconds since the epoch, for the times of last use. */
  readonly now: () => number
  readonly onEvent: (event: DiskEvent) => void
}

/** Bytes of small artifacts held in memory. */
const MEMORY = 64 * 1024 * 1024

/**
 * Opens a directory as a store for this process alone; `CACHE_STORE_LOCKED` when another one has it.
 *
 * An index that a killed process left is put right by reading it: a torn last line is cut, a damaged one skipped. Bytes are
 * compared with their digest before the first reader of this process gets them, and again when somebody touched the file.
 */
export async function openDiskStore(options: DiskStoreOptions): Promise<Store> {
  const layout = layoutOf(options.directory)
  await makeFolders(layout, options.onEvent)
  const lock = await lockDirectory(layout.locks, layout.root)
  try {
    if (lock.stale.length > 0) options.onEvent({ kind: 'lock-taken-over', pids: lock.stale })
    await removeUploads(layout, options.onEvent)
    const rows = createRows()
    const journal = await loadIndex(layout, rows, options)
    const parts = { ...assemble(layout, options), rows, journal }
    return storeOf(parts, lock.release)
  } catch (error) {
    await lock.release()
    throw error
  }
}

function assemble(layout: Layout, { durability, now, onEvent }: DiskStoreOptions): Omit<Parts, 'journal' | 'rows'> {
  return {
    layout,
    durability,
    now,
    onEvent,
    blobs: openBlobs(layout, durability),
    memory: createMemory(MEMORY),
    byKey: createSerial(),
    byDigest: createSerial(),
    touched: new Set(),
  }
}

function storeOf(parts: Parts, release: () => Promise<void>): Store {
  const upkeep = startUpkeep(parts)
  let isClosed = false
  const whileOpen = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (isClosed) throw new StoreFault('unavailable', 'the store is closed')
    return work()
  }
  return {
    kind: 'disk',
    find: async (key) => parts.rows.get(key)?.entry,
    read: async (entry) => whileOpen(async () => read(parts, entry)),
    stage: async () => whileOpen(async () => openStaging(parts.layout, parts.durability)),
    publish: async (staging, entry) => whileOpen(async () => publish(parts, asDiskStaging(staging), entry)),
    setState: async (keys, state) => whileOpen(async () => setState(parts, keys, state)),
    remove: async (keys) => whileOpen(async () => remove(parts, keys)),
    entries: () => entriesOf(parts.rows),
    probe: async () => whileOpen(async () => probe(parts.layout)),
    free: async () => freeOf(parts.layout),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await upkeep.stop()
      await parts.journal.close()
      await release()
    },
  }
}

async function loadIndex(layout: Layout, rows: Rows, { durability, onEvent }: DiskStoreOptions): Promise<Journal> {
  const loaded = await loadJournal(layout.journal, rows.apply)
  if (loaded.tornBytes > 0) onEvent({ kind: 'index-torn', bytes: loaded.tornBytes })
  if (loaded.damagedLines.length > 0) onEvent({ kind: 'index-damaged', lines: loaded.damagedLines })
  return openJournal({ layout, durability, loaded, onRecord: rows.apply })
}

async function removeUploads({ temporary }: Layout, onEvent: (event: DiskEvent) => void): Promise<void> {
  const names = await readdir(temporary)
  for (const name of names) await rm(join(temporary, name), { recursive: true, force: true })
  if (names.length > 0) onEvent({ kind: 'uploads-removed', count: names.length })
}

/** So many rows are listed before others get their turn. */
const ROWS_PER_TURN = 5000

async function* entriesOf(rows: Rows): AsyncGenerator<UsedEntry> {
  let count = 0
  for (const { entry, used } of rows.all()) {
    yield { ...entry, used }
    count += 1
    if (count % ROWS_PER_TURN === 0) await nextTurn()
  }
}

async function probe({ temporary }: Layout): Promise<void> {
  const file = join(temporary, `probe-${randomUUID()}`)
  await onMedium('the directory takes no writes', async () => {
    try {
      await writeFile(file, 'probe', { mode: OWNER_ONLY.file })
    } finally {
      await rm(file, { force: true })
    }
  })
}

async function freeOf({ root }: Layout): Promise<Free> {
  return onMedium('the disk does not say what is left', async () => {
    const { bavail, bsize, blocks, ffree, files } = await statfs(root)
    // Where a file system makes inodes as it needs them, it says that it has none.
    return { bytes: bavail * bsize, totalBytes: blocks * bsize, files: files === 0 ? Number.MAX_SAFE_INTEGER : ffree }
  })
}
