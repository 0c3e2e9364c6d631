import { randomUUID } from 'node:crypto'
import { blobName } from '../../../core/bucket/names.ts'
import type { Entry } from '../../../core/entry.ts'
import { StoreFault } from '../../store.ts'
import type { Parts } from './parts.ts'
import type { SeenRow } from './rows.ts'
import type { S3Staging } from './staging.ts'

/** A row changes hands so often only when somebody purges in a loop. */
const MOST_ROUNDS = 8

/**
 * Bytes first, under a name that was never used; then the row, on the condition that it is still as it was seen. What
 * comes back late is taken back: a sweep elsewhere may have judged the bytes by then.
 */
export async function publish(parts: Parts, staging: S3Staging, entry: Entry): Promise<'exists' | 'published'> {
  const { objects, rows, upload, timing, names, now } = parts
  const folder = names.folder(entry)
  let seen = await rows.read(folder, entry)
  if (seen.kind === 'entry') return 'exists'
  const elapsed = stopwatch(now)
  const blob = blobName(entry.digest, randomUUID())
  await upload(`${folder}${blob}`, staging)

  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const outcome = await rows.write(folder, seen, { blob, entry })
    // A refusal may be the answer to the second attempt of a write whose first one was done.
    seen = outcome === 'stored' ? seen : await rows.read(folder, entry)
    if (outcome === 'stored' || isOurs(seen, blob)) {
      if (elapsed() > timing.publish) await takeBack(parts, entry, blob)
      return 'published'
    }
    if (seen.kind === 'entry') {
      await objects.remove(`${folder}${blob}`).catch(() => undefined)
      return 'exists'
    }
  }
  throw new StoreFault('unavailable', 'the row of the artifact was changed again and again')
}

async function takeBack({ rows, names }: Parts, entry: Entry, blob: string): Promise<never> {
  const folder = names.folder(entry)
  const row = await rows.read(folder, entry)
  if (isOurs(row, blob)) await rows.bury(folder, row)
  throw new StoreFault('unavailable', 'the artifact took too long to be stored')
}

function isOurs(seen: SeenRow, blob: string): boolean {
  return seen.kind === 'entry' && seen.blob === blob
}

/** Time since now, by the larger of two clocks: one stands still while a machine sleeps, the other can be set back. */
function stopwatch(now: () => number): () => number {
  const [wall, steady] = [now(), performance.now()]
  return () => Math.max(now() - wall, performance.now() - steady)
}
