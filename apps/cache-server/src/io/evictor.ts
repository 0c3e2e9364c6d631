import { admission, type AdmissionDecision, type Refusal } from '../core/quota/admission.ts'
import type { Entry } from '../core/entry.ts'
import { keyText } from '../core/key.ts'
import { bytesOf, chargeOf, limitProblems, type QuotaLimits } from '../core/quota/limits.ts'
import { planEvictions, type EvictionReason, type QuotaItem, type Start } from '../core/quota/plan.ts'
import { createUsage, sumOf, type Owner, type Totals } from '../core/quota/usage.ts'
import { scopeClassOf } from '../core/scope.ts'
import type { Store } from './store.ts'

/** Keeps a store within its limits: says what may come in, and takes away what has to go. */
export interface Evictor {
  /** Makes room for bytes that were declared and keeps it until they are released, or says why there is none. */
  readonly admit: (owner: Owner, size: number) => Promise<Admission>
  /** Told about rows that others published or removed, so that the next decision is right before the next count. */
  readonly published: (entry: Entry) => void
  readonly removed: (entries: readonly Entry[]) => void
  /** Counts, and evicts what has to go; how many rows went. */
  readonly run: () => Promise<number>
  /** Bytes of the quota that are taken, as far as this process knows, without those on their way. */
  readonly usage: () => Totals
  readonly close: () => Promise<void>
}

export type Admission =
  | { readonly kind: 'admitted'; readonly release: () => void }
  | { readonly kind: 'refused'; readonly reason: Refusal }

export interface EvictorOptions {
  readonly store: Store
  readonly limits: QuotaLimits
  /** Milliseconds since the epoch of a clock that nobody sets; the one that the store notes uses with. */
  readonly now: () => number
  readonly onEvicted: (entries: readonly Entry[], reason: EvictionReason) => void
  /** A pass did not work; the next one tries again. */
  readonly onFault: (error: unknown) => void
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Rows that are removed at once, so that what they free is there before the next. */
const CHUNK = 64
/** After a pass that found nothing to take, nobody's upload starts another for so long. */
const FRUITLESS_MS = 1000

/** Counts what is there, then looks every minute whether something has to go, and counts again every hour. */
export async function openEvictor({ store, limits, now, onEvicted, onFault }: EvictorOptions): Promise<Evictor> {
  const problems = limitProblems(limits)
  if (problems.length > 0) throw new RangeError(problems.join('; '))
  let start: Start | undefined
  const stored = createUsage()
  const inFlight = createUsage()
  let queue: Promise<unknown> = Promise.resolve()
  let fruitless = -Infinity

  const together = sumOf(stored, inFlight)
  /** Takes the room at once when there is some. */
  const reserve = async (owner: Owner, size: number): Promise<AdmissionDecision> => {
    const free = await store.free()
    const decision = admission({ limits, usage: together, inFlight: inFlight.total(), free, owner, size })
    if (decision.kind === 'fits') inFlight.add(owner, size)
    return decision
  }

  const pass = async (incoming?: { readonly owner: Owner; readonly size: number }): Promise<number> => {
    const items = await itemsOf(store, limits)
    stored.reset()
    for (const item of items) stored.add(item, item.charge)
    start ??= { at: now(), latestUse: items.reduce((latest, { used }) => Math.max(latest, used), -Infinity) }
    const free = await store.free()
    const plan = planEvictions({ items, limits, inFlight, incoming, free, now: now(), start })
    let count = 0
    for (let at = 0; at < plan.length; at += CHUNK) count += await carryOut(plan.slice(at, at + CHUNK))
    return count
  }
  const carryOut = async (part: ReturnType<typeof planEvictions<Item>>): Promise<number> => {
    const removed = await store.remove(part.map(({ item }) => item.entry))
    forget(removed)
    for (const reason of new Set(part.map((eviction) => eviction.reason))) {
      const names = new Set(part.filter((eviction) => eviction.reason === reason).map(({ item }) => keyText(item.entry)))
      const entries = removed.filter((entry) => names.has(keyText(entry)))
      if (entries.length > 0) onEvicted(entries, reason)
    }
    return removed.length
  }
  const forget = (entries: readonly Entry[]): void => {
    for (const entry of entries) stored.add(ownerOf(entry), -chargeOf(limits, entry.size))
  }

  /** One after the other, whoever asks. */
  const inTurn = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const mine = queue.then(work)
    queue = mine.catch(() => undefined)
    return mine
  }
  const tryTo = (work: () => Promise<unknown>): void => void inTurn(work).catch(onFault)

  const makeRoom = async (owner: Owner, size: number): Promise<AdmissionDecision> =>
    inTurn(async () => {
      const again = await reserve(owner, size)
      if (again.kind !== 'evict' || now() - fruitless < FRUITLESS_MS) return again
      if ((await pass({ owner, size })) === 0) fruitless = now()
      return reserve(owner, size)
    })
  const isCrowded = async (): Promise<boolean> => {
    const free = await store.free()
    const isShort = free !== undefined && (free.bytes < limits.spare.bytes || free.files < limits.spare.files)
    return isShort || stored.total() > bytesOf(limits, limits.highWater)
  }

  await inTurn(async () => pass())
  const timers = [
    setInterval(() => tryTo(async () => ((await isCrowded()) ? pass() : undefined)), MINUTE).unref(),
    setInterval(() => tryTo(async () => pass()), HOUR).unref(),
  ]
  return {
    admit: async (owner, bytes) => {
      const size = chargeOf(limits, bytes)
      let decision = await reserve(owner, size)
      if (decision.kind === 'evict') decision = await makeRoom(owner, size)
      if (decision.kind === 'refused') return decision
      if (decision.kind === 'evict') return { kind: 'refused', reason: decision.otherwise }
      let isHeld = true
      const release = (): void => {
        if (isHeld) inFlight.add(owner, -size)
        isHeld = false
      }
      return { kind: 'admitted', release }
    },
    published: (entry) => stored.add(ownerOf(entry), chargeOf(limits, entry.size)),
    removed: forget,
    run: async () => inTurn(async () => pass()),
    usage: () => stored.copy(),
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await queue
    },
  }
}

interface Item extends QuotaItem {
  readonly entry: Entry
}

async function itemsOf(store: Store, limits: QuotaLimits): Promise<Item[]> {
  const items: Item[] = []
  for await (const entry of store.entries()) {
    const { size, used, state } = entry
    items.push({ ...ownerOf(entry), size, charge: chargeOf(limits, size), used, isPinned: state === 'quarantined', entry })
  }
  return items
}

/** Rows that are in no scope of ours, such as of a later version, count as the least trusted. */
function ownerOf({ workspace, scope }: Entry): Owner {
  return { workspace, scope, scopeClass: scopeClassOf(scope) ?? 'pr' }
}
