import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EntryKey } from '../core/entry.ts'
import { quotaLimits, type QuotaLimits } from '../core/quota/limits.ts'
import type { Owner } from '../core/quota/usage.ts'
import { getBytes, putBytes, sampleBytes, sampleEntry, sampleKey } from '../testing/store-samples.ts'
import { openEvictor, type Admission, type Evictor } from './evictor.ts'
import type { Store } from './store.ts'
import { openDiskStore } from './stores/disk/disk-store.ts'

const DAY = 24 * 60 * 60 * 1000
const KIB = 1024
const LIMITS: QuotaLimits = quotaLimits(1000 * KIB, undefined)
const PR: Owner = { workspace: 'acme', scope: 'pr/1', scopeClass: 'pr' }

let directory: string
let store: Store
let evictor: Evictor
let time: number
let evicted: string[]
let faults: unknown[]

const open = async (limits = LIMITS): Promise<void> => {
  evictor = await openEvictor({
    store,
    limits,
    now: () => time,
    onEvicted: (entries, reason) => evicted.push(...entries.map(({ scope, hash }) => `${scope} ${hash}: ${reason}`)),
    onFault: (fault) => faults.push(fault),
  })
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'interlock-evict-'))
  time = 1_700_000_000_000
  evicted = []
  faults = []
  store = await openDiskStore({ directory, durability: 'none', now: () => time, onEvent: () => undefined })
  await open()
})
afterEach(async () => {
  await evictor.close()
  await store.close()
  await rm(directory, { recursive: true, force: true })
})

const keyIn = (scope: string, hash: string): EntryKey => sampleKey({ scope, hash })

/** The whole way of an upload with the evictor in front of it. */
async function upload(scope: string, hash: string, kib: number): Promise<'stored' | 'no-space' | 'quota'> {
  const key = keyIn(scope, hash)
  const scopeClass = scope.startsWith('pr/') ? 'pr' : 'trusted'
  const bytes = sampleBytes(`${scope} ${hash}`, kib * KIB)
  const admission = await evictor.admit({ workspace: key.workspace, scope, scopeClass }, bytes.length)
  if (admission.kind === 'refused') return admission.reason
  time += 1
  await putBytes(store, key, bytes)
  evictor.published(sampleEntry(key, bytes, 'job'))
  admission.release()
  return 'stored'
}

describe('an evictor', () => {
  it('cache-36: lets one pull request use its share and no more, and leaves the trusted scope alone', async () => {
    for (let index = 0; index < 10; index += 1) expect(await upload('trusted/main', `t${index}`, 74)).toBe('stored')
    for (let index = 0; index < 40; index += 1) expect(await upload('pr/1', `p${index}`, 20)).toBe('stored')
    expect(await upload('pr/1', 'large', 101)).toBe('quota')
    for (let index = 0; index < 10; index += 1) expect(await getBytes(store, keyIn('trusted/main', `t${index}`))).toBeDefined()
    expect(evictor.usage().ofScope(PR)).toBeLessThanOrEqual(100 * KIB)
    expect(evicted.length).toBeGreaterThan(30)
    expect(evicted.every((text) => text.startsWith('pr/1 p'))).toBe(true)
    expect(faults).toEqual([])
  })

  it('cache-36: lets all pull requests together have three tenths, whatever there is room for', async () => {
    for (let index = 0; index < 12; index += 1) expect(await upload(`pr/${index}`, 'a', 60)).toBe('stored')
    expect(evictor.usage().ofClass('pr')).toBeLessThanOrEqual(300 * KIB)
    expect(await store.find(keyIn('pr/11', 'a'))).toBeDefined()
    expect(await store.find(keyIn('pr/0', 'a'))).toBeUndefined()
  })

  it('does not admit more at once than there is room for, and gives room back', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, async () => evictor.admit(PR, 20 * KIB)))
    const admitted = asked.filter((one): one is Admission & { kind: 'admitted' } => one.kind === 'admitted')
    expect(admitted).toHaveLength(5)
    expect(asked.filter((one) => one.kind === 'refused' && one.reason === 'quota')).toHaveLength(15)
    for (const { release } of admitted) {
      release()
      release()
    }
    time += 2000
    const again = await Promise.all(Array.from({ length: 5 }, async () => evictor.admit(PR, 20 * KIB)))
    expect(again.every(({ kind }) => kind === 'admitted')).toBe(true)
  })

  it('refuses what can never fit', async () => {
    expect(await evictor.admit({ ...PR, scope: 'trusted/main', scopeClass: 'trusted' }, 1001 * KIB)).toEqual({
      kind: 'refused',
      reason: 'no-space',
    })
    expect(await evictor.admit(PR, 101 * KIB)).toEqual({ kind: 'refused', reason: 'quota' })
  })

  it('takes what was used least lately, and reading is using', async () => {
    for (let index = 0; index < 8; index += 1) await upload('trusted/main', `t${index}`, 90)
    time += 1000
    await getBytes(store, keyIn('trusted/main', 't0'))
    expect(await upload('trusted/main', 't8', 90)).toBe('stored')
    await evictor.run()
    expect(await store.find(keyIn('trusted/main', 't0'))).toBeDefined()
    expect(await store.find(keyIn('trusted/main', 't1'))).toBeUndefined()
  })

  it('takes what nobody used for long, and counts what others did to the store', async () => {
    await upload('pr/1', 'old', 10)
    time += 8 * DAY
    await upload('pr/1', 'new', 10)
    await store.remove([keyIn('pr/1', 'unknown')])
    expect(await evictor.run()).toBe(1)
    expect(evicted).toEqual(['pr/1 old: idle'])
    await store.remove([keyIn('pr/1', 'new')])
    await evictor.run()
    expect(evictor.usage().total()).toBe(0)
  })

  it('cache-36: lets no pull request fill the memory of the server with rows of next to nothing', async () => {
    await evictor.close()
    await open(quotaLimits(1_000_000 * KIB, undefined))
    const charged = async (scope: string, bytes: number): Promise<number> => {
      const before = evictor.usage().total()
      const admission = await evictor.admit({ workspace: 'acme', scope, scopeClass: 'pr' }, bytes)
      expect(admission.kind).toBe('admitted')
      await putBytes(store, keyIn(scope, `${bytes}`), sampleBytes(scope, bytes))
      evictor.published((await store.find(keyIn(scope, `${bytes}`)))!)
      if (admission.kind === 'admitted') admission.release()
      return evictor.usage().total() - before
    }
    expect([await charged('pr/1', 1), await charged('pr/1', 5000)]).toEqual([KIB, 5000])
    await evictor.run()
    expect(evictor.usage().total()).toBe(KIB + 5000)
    evictor.removed(await store.remove([keyIn('pr/1', '1'), keyIn('pr/1', '5000')]))
    expect(evictor.usage().total()).toBe(0)
  })

  it('keeps rows in quarantine, whatever their age: they say which bytes may not come back', async () => {
    await upload('pr/1', 'bad', 10)
    await store.setState([keyIn('pr/1', 'bad')], 'quarantined')
    time += 300 * DAY
    await upload('pr/1', 'new', 10)
    await evictor.run()
    expect(await store.find(keyIn('pr/1', 'bad'))).toMatchObject({ state: 'quarantined' })
  })

  it('cache-31: takes nothing away from a reader that has begun', async () => {
    await evictor.close()
    await open(quotaLimits(10_000 * KIB, undefined))
    await upload('trusted/main', 'read', 3000)
    const entry = await store.find(keyIn('trusted/main', 'read'))
    const body = (await store.read(entry!)) as Readable
    time += 40 * DAY
    await upload('trusted/main', 'new', 100)
    await evictor.run()
    expect(await store.find(keyIn('trusted/main', 'read'))).toBeUndefined()
    expect((await buffer(body)).equals(sampleBytes('trusted/main read', 3000 * KIB))).toBe(true)
  })

  it('refuses for want of space where the disk has none to spare and nothing can go', async () => {
    await evictor.close()
    await open({ ...LIMITS, spare: { bytes: Number.MAX_SAFE_INTEGER, files: 0 } })
    expect(await upload('trusted/main', 'a', 1)).toBe('no-space')
  })

  it('runs one pass after the other, and says what did not work', async () => {
    for (let index = 0; index < 5; index += 1) await upload('pr/1', `p${index}`, 10)
    time += 8 * DAY
    await upload('pr/2', 'new', 10)
    const counts = await Promise.all([evictor.run(), evictor.run(), evictor.run()])
    expect(counts).toEqual([5, 0, 0])
  })
})
