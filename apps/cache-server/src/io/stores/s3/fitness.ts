import { randomUUID } from 'node:crypto'
import { InterlockError } from '@interlock/kit'
import { meaningOf } from '../../../core/bucket/answers.ts'
import type { Names } from '../../../core/bucket/names.ts'
import type { Client } from './client.ts'
import { answerOf, BucketFault } from './fault.ts'
import { objectsOf, type Objects } from './objects.ts'
import type { Timing } from './timing.ts'

/** What the bucket can do beyond what it must. */
export interface Fitness {
  /** Whether an object can be deleted on the condition that nobody changed it. Without it rows of removed entries stay. */
  readonly deletesConditionally: boolean
}

const RACERS = 8

/**
 * Shows with objects of its own that the bucket does what the store rests on: that it can be listed, that what is missing
 * is told from what may not be seen, that of several first writers one wins, that an outdated rewrite is refused. Throws
 * `InterlockError` (`CACHE_STORE_UNFIT`) that says what it does not, and why that is needed.
 */
export async function expectFit(client: Client, names: Names, timing: Timing): Promise<Fitness> {
  const objects = objectsOf(client, timing)
  const keys = { one: names.probe(randomUUID()), race: names.probe(randomUUID()) }
  const place = placeOf(client, names)
  try {
    await expectListing(client, names)
    if ((await objects.get(keys.one, 1)) !== undefined) throw unfit(place, 'an object that was never written is there')
    await expectConditions(objects, keys.one, place)
    await expectOneWinner(objects, keys.race, place)
    return { deletesConditionally: await deletesConditionally(objects, keys.one, place) }
  } catch (error) {
    throw error instanceof BucketFault ? unfit(place, error.message, error.hint) : error
  } finally {
    for (const key of Object.values(keys)) await objects.remove(key).catch(() => undefined)
  }
}

/** Without the right to list, what is missing looks like what is forbidden, and a wrong policy like an empty cache. */
async function expectListing({ sdk, s3, bucket }: Client, names: Names): Promise<void> {
  try {
    await s3.send(new sdk.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, Prefix: names.entries }))
  } catch (error) {
    const { text, hint } = meaningOf(answerOf(error))
    const place = `the bucket ${bucket}`
    if (!(error instanceof Error)) throw error
    throw unfit(
      place,
      error.message === 'Region is missing' ? 'no region is known' : `it cannot be listed: ${text}`,
      hint ?? REGION,
    )
  }
}
const REGION = 'set `region` in cache-server.yaml, or AWS_REGION, and check `endpoint`'

async function expectConditions(objects: Objects, key: string, place: string): Promise<void> {
  const [first, second, third] = ['first', 'second', 'third'].map((text) => Buffer.from(`${text} ${randomUUID()}`))
  if (first === undefined || second === undefined || third === undefined) throw new TypeError('three texts are three')
  if ((await objects.put(key, first, { kind: 'absent' })) === 'refused') {
    throw unfit(place, 'it refused to write a new object with "If-None-Match: *"', CONDITIONS)
  }
  if ((await objects.put(key, second, { kind: 'absent' })) === 'stored') {
    throw unfit(place, 'it overwrote an object in spite of "If-None-Match: *", so two replicas could both be first', CONDITIONS)
  }
  const seen = await objects.get(key, 1000)
  if (seen?.bytes.equals(first) !== true) throw unfit(place, 'it did not give back what was just written')
  if ((await objects.put(key, second, { kind: 'unchanged', etag: seen.etag })) === 'refused') {
    throw unfit(place, 'it refused to rewrite an unchanged object with "If-Match"', CONDITIONS)
  }
  if ((await objects.put(key, third, { kind: 'unchanged', etag: seen.etag })) === 'stored') {
    throw unfit(place, 'it rewrote a changed object in spite of "If-Match", so a purge could be undone', CONDITIONS)
  }
}
const CONDITIONS = 'use a server with conditional writes; the guide (guides/cache-s3) names those that were tried'

async function expectOneWinner(objects: Objects, key: string, place: string): Promise<void> {
  const writers = Array.from({ length: RACERS }, async (_, index) =>
    objects.put(key, Buffer.from(`${index}`), { kind: 'absent' }),
  )
  const outcomes = await Promise.all(writers)
  const winners = outcomes.filter((outcome) => outcome === 'stored').length
  if (winners !== 1) throw unfit(place, `of ${RACERS} first writers at once ${winners} won instead of one`, CONDITIONS)
}

async function deletesConditionally(objects: Objects, key: string, place: string): Promise<boolean> {
  // An endpoint that does not know the condition deletes, or says that it does not know it.
  const outdated = await objects.remove(key, '"00000000000000000000000000000000"').catch((error: unknown) => error)
  const isKept = (await objects.get(key, 1000)) !== undefined
  await objects.remove(key)
  if ((await objects.get(key, 1000)) !== undefined) throw unfit(place, 'an object that was deleted is still there')
  return outdated === 'refused' && isKept
}

function placeOf({ bucket }: Client, names: Names): string {
  return `the bucket ${bucket}, folder ${names.probes}`
}

function unfit(place: string, problem: string, hint?: string): InterlockError {
  return new InterlockError('CACHE_STORE_UNFIT', `${place}: ${problem}`, hint === undefined ? {} : { hint })
}
