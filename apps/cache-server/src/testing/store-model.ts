import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry, EntryKey } from '../core/entry.ts'
import type { Store } from '../io/store.ts'
import type { StoreHarness } from './store-contract.ts'
import { getBytes, sampleBytes, sampleEntry, sampleKey, stageBytes } from './store-samples.ts'

/** One thing that a client or an administrator does. `replica` says at which of the stores. */
type Operation = { readonly replica: number } & (
  | { readonly kind: 'publish'; readonly key: number; readonly payload: number; readonly isKept: boolean }
  | { readonly kind: 'read'; readonly key: number }
  | { readonly kind: 'remove'; readonly keys: readonly number[] }
  | { readonly kind: 'state'; readonly key: number; readonly state: Entry['state'] }
)

/** What is done: operations of one round run at the same time; a restart waits for them. */
type Round = readonly Operation[] | 'restart'

const KEYS: readonly EntryKey[] = ['trusted/main', 'pr/1', 'pr/2'].flatMap((scope) =>
  ['acme', 'other'].map((workspace) => sampleKey({ workspace, scope, hash: '42' })),
)
/** Few, so that several keys often have equal bytes. */
const PAYLOADS = [0, 1, 900, 70_000, 300_000].map((size, index) => sampleBytes(`payload ${index}`, size))

const index = (list: readonly unknown[]): fc.Arbitrary<number> => fc.nat({ max: list.length - 1 })
const replica = fc.nat({ max: 3 })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      replica,
      key: index(KEYS),
      payload: index(PAYLOADS),
      isKept: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('read' as const), replica, key: index(KEYS) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('remove' as const), replica, keys: fc.array(index(KEYS), { maxLength: 3 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('state' as const),
      replica,
      key: index(KEYS),
      state: fc.constantFrom<Entry['state'][]>('live', 'quarantined'),
    }),
  },
)
const rounds: fc.Arbitrary<Round[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.array(operation, { minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constant<'restart'>('restart') },
  ),
  { minLength: 1, maxLength: 8 },
)

/** Random concurrent operations, each round checked against what can be true after it. */
export function storeModel(name: string, make: () => Promise<StoreHarness>, numRuns: number): void {
  describe(`${name}: concurrent operations`, () => {
    it('nothing is readable that was not written whole, nothing of another key, and the first writer wins', async () => {
      const property = fc.asyncProperty(rounds, async (sequence) => {
        const harness = await make()
        try {
          await runAgainstModel(harness, sequence)
        } finally {
          await harness.dispose()
        }
      })
      await expect(fc.assert(property, { numRuns })).resolves.toBeUndefined()
    }, 300_000)
  })
}

/** What happened in one round: the ids (`writer.job`) of rows by key. */
interface RoundLog {
  readonly started: Map<number, Set<string>>
  readonly published: Map<number, Set<string>>
  readonly removed: Map<number, Set<string>>
}

async function runAgainstModel(harness: StoreHarness, sequence: readonly Round[]): Promise<void> {
  const payloadOf = new Map<string, Buffer>()
  let before = new Map<number, Entry>()
  let count = 0
  for (const round of sequence) {
    if (round === 'restart') {
      before = await restart(harness, before)
      continue
    }
    const log: RoundLog = { started: new Map(), published: new Map(), removed: new Map() }
    const jobs = round.map((step) => {
      const job = `job ${(count += 1)}`
      if (step.kind !== 'publish') return { step, job }
      payloadOf.set(job, PAYLOADS[step.payload]!)
      if (step.isKept) add(log.started, step.key, job)
      return { step, job }
    })
    const stores = harness.stores()
    await Promise.all(
      jobs.map(async ({ step, job }) =>
        perform(stores[step.replica % stores.length]!, step, { job, log, before, payloadOf, isRemoving: removes(round) }),
      ),
    )
    const after = await rowsOf(harness)
    checkRound({ before, after, log, round })
    before = after
  }
}

/** A restart changes nothing. */
async function restart(harness: StoreHarness, before: ReadonlyMap<number, Entry>): Promise<Map<number, Entry>> {
  await harness.reopen()
  const after = await rowsOf(harness)
  expect(after).toEqual(before)
  return after
}

interface Context {
  readonly job: string
  readonly log: RoundLog
  readonly before: ReadonlyMap<number, Entry>
  readonly payloadOf: ReadonlyMap<string, Buffer>
  readonly isRemoving: ReadonlySet<number>
}

async function perform(store: Store, step: Operation, context: Context): Promise<void> {
  const { job, log } = context
  switch (step.kind) {
    case 'publish': {
      const bytes = PAYLOADS[step.payload]!
      const staging = await stageBytes(store, bytes)
      if (!step.isKept) return staging.discard()
      await staging.finish()
      const outcome = await store.publish(staging, sampleEntry(KEYS[step.key]!, bytes, job))
      if (outcome === 'published') add(log.published, step.key, job)
      return undefined
    }
    case 'read':
      return checkRead(store, step.key, context)
    case 'remove': {
      for (const entry of await store.remove(step.keys.map((key) => KEYS[key]!))) {
        const key = KEYS.findIndex(({ workspace, scope }) => workspace === entry.workspace && scope === entry.scope)
        add(log.removed, key, entry.writer.job ?? '')
      }
      return undefined
    }
    case 'state':
      await store.setState([KEYS[step.key]!], step.state)
  }
  return undefined
}

/** A reader sees nothing, or the whole of one writer of exactly this key. */
async function checkRead(store: Store, key: number, { log, before, payloadOf, isRemoving }: Context): Promise<void> {
  const entry = await store.find(KEYS[key]!)
  const earlier = before.get(key)
  if (entry === undefined) {
    expect(earlier === undefined || isRemoving.has(key), 'a row went away without a removal').toBe(true)
    return
  }
  expect(entry).toMatchObject(KEYS[key]!)
  const job = entry.writer.job ?? ''
  const isKnown = job === earlier?.writer.job || log.started.get(key)?.has(job) === true
  expect(isKnown, `${job} never wrote this key`).toBe(true)
  const bytes = await getBytes(store, KEYS[key]!)
  if (!isRemoving.has(key)) expect(bytes?.equals(payloadOf.get(job)!), `${job} is not whole`).toBe(true)
  else if (bytes !== undefined) expect([...payloadOf.values()].some((payload) => payload.equals(bytes))).toBe(true)
}

interface RoundEnd {
  readonly before: ReadonlyMap<number, Entry>
  readonly after: ReadonlyMap<number, Entry>
  readonly log: RoundLog
  readonly round: readonly Operation[]
}

/** What is there afterwards is what was there and what was published, without what was removed: one row or none. */
function checkRound({ before, after, log, round }: RoundEnd): void {
  for (const key of KEYS.keys()) {
    const expected = new Set(log.published.get(key))
    const earlier = before.get(key)
    if (earlier !== undefined) expected.add(earlier.writer.job ?? '')
    for (const job of log.removed.get(key) ?? []) expected.delete(job)
    const row = after.get(key)
    expect([...expected], `rows of key ${key}`).toEqual(row === undefined ? [] : [row.writer.job])
    const started = log.started.get(key)?.size ?? 0
    if (started > 0 && !removes(round).has(key)) expect(row, `key ${key} has lost all its writers`).toBeDefined()
    if (row !== undefined && !round.some((step) => step.kind === 'state' && step.key === key)) {
      expect(row.state).toBe(row.writer.job === earlier?.writer.job ? earlier?.state : 'live')
    }
  }
}

async function rowsOf(harness: StoreHarness): Promise<Map<number, Entry>> {
  const rows = new Map<number, Entry>()
  for (const [key, value] of KEYS.entries()) {
    const found = await Promise.all(harness.stores().map(async (store) => store.find(value)))
    for (const row of found) expect(row).toEqual(found[0])
    if (found[0] !== undefined) rows.set(key, found[0])
  }
  return rows
}

function removes(round: readonly Operation[]): Set<number> {
  return new Set(round.flatMap((step) => (step.kind === 'remove' ? step.keys : [])))
}

function add(map: Map<number, Set<string>>, key: number, job: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(job))
}
