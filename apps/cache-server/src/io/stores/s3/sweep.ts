import { randomUUID } from 'node:crypto'
import { firstLook, judge, type Clock, type Folder, type Listed, type RowSeen } from '../../../core/bucket/sweep.ts'
import { mapLimited } from './limit.ts'
import { foldersOf, listedAt, pagesOf } from './listing.ts'
import type { Objects } from './objects.ts'
import type { Parts } from './parts.ts'
import type { SeenRow } from './rows.ts'

/** What a sweep found and did. */
export interface Swept {
  /** Entries that had a row but no bytes, and are gone now. */
  readonly ghosts: number
  /** Bytes that no row named, deleted. */
  readonly orphans: number
  /** Index objects of removed entries, deleted. */
  readonly rows: number
}

const AT_ONCE = 16

/** Takes away what no entry needs any more; `undefined` when another replica did so lately. */
export async function sweep(parts: Parts, isStopping: () => boolean = () => false): Promise<Swept | undefined> {
  const now = await claim(parts)
  if (now === undefined) return undefined
  const clock: Clock = { now, graceMs: parts.timing.grace }
  const total = { ghosts: 0, orphans: 0, rows: 0 }
  for await (const folders of foldersOf(parts.client, parts.names)) {
    if (isStopping()) return total
    await mapLimited(folders, AT_ONCE, async (folder) => {
      const { ghosts, orphans, rows } = await sweepFolder(parts, folder, clock)
      total.ghosts += ghosts
      total.orphans += orphans
      total.rows += rows
    })
  }
  await sweepProbes(parts, clock)
  return total
}

async function sweepFolder(parts: Parts, folder: Folder, clock: Clock): Promise<Swept> {
  const { objects, rows, fitness } = parts
  const look = firstLook(folder, clock)
  if (look.kind === 'keep') return NOTHING
  if (look.kind === 'delete') return { ...NOTHING, orphans: await removeAll(objects, look.objects) }
  const row = await rows.read(folder.folder)
  const { deletions, isGhost, isRowDone } = judge(folder, seenOf(row), clock)
  const orphans = await removeAll(objects, deletions)
  if (isGhost) return { ghosts: (await rows.bury(folder.folder, row)) === 'stored' ? 1 : 0, orphans, rows: 0 }
  if (!isRowDone || folder.row === undefined || row.kind === 'absent' || !fitness.deletesConditionally) {
    return { ...NOTHING, orphans }
  }
  const outcome = await objects.remove(folder.row.key, row.etag)
  return { ghosts: 0, orphans, rows: outcome === 'removed' ? 1 : 0 }
}

function seenOf(row: SeenRow): RowSeen {
  return row.kind === 'entry' ? row : { kind: 'none' }
}

async function removeAll(objects: Objects, listed: readonly Listed[]): Promise<number> {
  for (const { key } of listed) await objects.remove(key)
  return listed.filter(({ name }) => name.startsWith('blob.')).length
}

/** What a server that was killed while it looked at the bucket has left. */
async function sweepProbes({ client, objects, names }: Parts, { now, graceMs }: Clock): Promise<void> {
  for await (const page of pagesOf(client, names.probes)) {
    await removeAll(
      objects,
      page.filter(({ modified }) => now - modified > graceMs),
    )
  }
}

/** Takes the turn for all replicas, and returns what the bucket says the time is. */
async function claim({ client, objects, names, timing }: Parts): Promise<number | undefined> {
  const clock = names.probe(randomUUID())
  await objects.put(clock, Buffer.from('clock'))
  const now = (await listedAt(client, clock))?.modified
  await objects.remove(clock)
  const last = await listedAt(client, names.sweep)
  if (now === undefined || (last !== undefined && now - last.modified < timing.sweepEvery)) return undefined
  const condition = last === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'unchanged', etag: last.etag } as const)
  const outcome = await objects.put(names.sweep, Buffer.from(randomUUID()), condition)
  return outcome === 'stored' ? now : undefined
}

const NOTHING: Swept = { ghosts: 0, orphans: 0, rows: 0 }
