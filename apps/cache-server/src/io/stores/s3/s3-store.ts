import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { namesOf, USED } from '../../../core/bucket/names.ts'
import type { S3Section } from '../../../core/config/store-section.ts'
import type { Store } from '../../store.ts'
import { change } from './change.ts'
import { openClient, type LoadSdk } from './client.ts'
import { entriesOf } from './entries.ts'
import type { S3Event } from './events.ts'
import { expectFit } from './fitness.ts'
import { objectsOf } from './objects.ts'
import type { Parts } from './parts.ts'
import { publish } from './publish.ts'
import { find, read } from './read.ts'
import { rowsOf } from './rows.ts'
import { asS3Staging, stagingArea } from './staging.ts'
import { sweep, type Swept } from './sweep.ts'
import { TIMING, type Timing } from './timing.ts'
import { uploader } from './upload.ts'
import { startUpkeep } from './upkeep.ts'
import { createUses } from './uses.ts'

export interface S3StoreOptions {
  readonly section: S3Section
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly onEvent: (event: S3Event) => void
  /** Other times than usual. */
  readonly timing?: Partial<Timing>
  readonly load?: LoadSdk
}

export interface S3Store extends Store {
  /** Does at once what is done every hour; `undefined` when a replica did it lately. */
  readonly sweep: () => Promise<Swept | undefined>
}

/**
 * Opens a bucket as a store that any number of replicas share.
 *
 * The bucket has to show first that it does what the store rests on; `CACHE_STORE_UNFIT` says what it does not. Credentials
 * are those of the SDK's chain. Nothing is held in memory about entries, so what one replica does every other one sees.
 */
export async function openS3Store({ section, now, onEvent, load, timing: other }: S3StoreOptions): Promise<S3Store> {
  const timing = { ...TIMING, ...other }
  const names = namesOf(section.prefix)
  const client = await openClient(section, timing, load)
  try {
    const fitness = await expectFit(client, names, timing)
    if (!fitness.deletesConditionally) onEvent({ kind: 'rows-stay' })
    const objects = objectsOf(client, timing)
    const area = stagingArea(section.staging ?? join(tmpdir(), 'interlock-cache-uploads'), section.stagingLimit)
    const uses = createUses({ now, timing, write: async (folder) => objects.put(`${folder}${USED}`, Buffer.alloc(0)) })
    const upload = uploader(client, objects, timing)
    return storeOf({ area, client, fitness, names, now, objects, onEvent, rows: rowsOf(objects), timing, upload, uses })
  } catch (error) {
    client.s3.destroy()
    throw error
  }
}

function storeOf(parts: Parts): S3Store {
  const { client, names, objects } = parts
  const upkeep = startUpkeep(parts)
  const probe = names.probe(randomUUID())
  return {
    kind: 's3',
    find: async (key) => find(parts, key),
    read: async (entry) => read(parts, entry),
    stage: async (size) => parts.area.stage(size),
    publish: async (staging, entry) => {
      try {
        return await publish(parts, asS3Staging(staging), entry)
      } finally {
        await staging.discard()
      }
    },
    setState: async (keys, state) => change(parts, keys, { state }),
    remove: async (keys) => change(parts, keys, 'remove'),
    entries: () => entriesOf(parts),
    probe: async () => {
      await objects.put(probe, Buffer.from('probe'))
      await objects.remove(probe)
    },
    free: async () => undefined,
    sweep: async () => sweep(parts),
    close: async () => {
      await upkeep.stop()
      client.s3.destroy()
    },
  }
}
