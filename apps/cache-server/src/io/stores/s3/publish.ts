import { randomUUID } from 'node:crypto'
import { blobName } from '../../../core/bucket/names.ts'
import type { Entry } from '../../../core/entry.ts'
import { StoreFault } from '../../store.ts'
import type { Objects } from './objects.ts'
import type { Rows, SeenRow } from './rows.ts'
import type { S3Staging } from './staging.ts'
import type { Timing } from './timing.ts'
import type { Upload } from './upload.ts'

export interface PublishParts {
  readonly objects: Objects
  readonly rows: Rows
  readonly upload: Upload
  readonly timing: Timing
  /** Milliseconds that never run backwards, nor stand still while the machine sleeps. */
  readonly elapsed: () => () => number
}

/** A row changes hands so often only when somebody purges in a loop. */
const MOST_ROUNDS = 8

/**
 * Bytes first, under a name that was never used; then the row, on the condition that it is still as it was seen. What
 * comes back late is taken back: a sweep elsewhere may have judged the bytes by then.
 */
export async function publish(parts: PublishParts, folder: string, staging: S3Staging, entry: Entry): Promise<'exists' | 'published'> {
  const { objects, rows, upload, timing } = parts
  let seen = await rows.read(folder, entry)
  if (seen.kind === 'entry') return 'exists'
  const elapsed = parts.elapsed()
  const blob = blobName(entry.digest, randomUUID())
  await upload(`${folder}${blob}`, staging)

  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const outcome = await rows.write(folder, seen, entry, blob)
    // A refusal may be the answer to the second attempt of a write whose first one was done.
    seen = outcome === 'stored' ? seen : await rows.read(folder, entry)
    if (outcome === 'stored' || isOurs(seen, blob)) return inTime(parts, folder, entry, elapsed() < timing.publish)
    if (seen.kind === 'entry') {
      await objects.remove(`${folder}${blob}`).catch(() => undefined)
      return 'exists'
    }
  }
  throw new StoreFault('unavailable', 'the row of the artifact was changed again and again')
}

async function inTime({ rows }: PublishParts, folder: string, entry: Entry, isInTime: boolean): Promise<'published'> {
  if (isInTime) return 'published'
  const row = await rows.read(folder, entry)
  await rows.bury(folder, row)
  throw new StoreFault('unavailable', 'the artifact took too long to be stored')
}

function isOurs(seen: SeenRow, blob: string): boolean {
  return seen.kind === 'entry' && seen.blob === blob
}
