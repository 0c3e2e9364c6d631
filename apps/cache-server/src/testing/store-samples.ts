import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Entry, EntryKey } from '../core/entry.ts'
import type { Staging, Store } from '../io/store.ts'

/** A key of which only what matters to the test is named. */
export function sampleKey(parts: Partial<EntryKey> = {}): EntryKey {
  return { workspace: 'acme', tool: 'nx', scope: 'trusted/main', hash: '1234567890', ...parts }
}

/** The row for bytes under a key; `job` tells rows apart. */
export function sampleEntry(key: EntryKey, bytes: Uint8Array, job: string): Entry {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const writer = { issuer: 'https://issuer.example', run: '1', job }
  return { ...key, digest, size: bytes.length, created: 1_700_000_000_000, writer, state: 'live' }
}

/** Writes bytes in pieces to a fresh place. */
export async function stageBytes(store: Store, bytes: Uint8Array): Promise<Staging> {
  const staging = await store.stage(bytes.length)
  return orDiscard(staging, async () => {
    for (let at = 0; at < bytes.length; at += 50_000) await staging.write(bytes.subarray(at, at + 50_000))
    return staging
  })
}

/** The whole way of one upload. */
export async function putBytes(store: Store, key: EntryKey, bytes: Uint8Array, job = 'job'): Promise<'exists' | 'published'> {
  const staging = await stageBytes(store, bytes)
  await orDiscard(staging, async () => staging.finish())
  return store.publish(staging, sampleEntry(key, bytes, job))
}

async function orDiscard<Value>(staging: Staging, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    await staging.discard()
    throw error
  }
}

/** The bytes under a key, `undefined` when nothing can be read there. */
export async function getBytes(store: Store, key: EntryKey): Promise<Buffer | undefined> {
  const entry = await store.find(key)
  if (entry === undefined) return undefined
  const body = await store.read(entry)
  if (body === undefined) return undefined
  return body instanceof Uint8Array ? Buffer.from(body) : buffer(body)
}

/** `size` bytes that say where they come from all the way through, so that half of one and half of another is seen. */
export function sampleBytes(text: string, size: number): Buffer {
  return Buffer.alloc(size, `${text}\n`)
}
