import type { ScopeClass } from '../entry.ts'
import type { Room } from './admission.ts'
import { bytesOf, SCOPE_CLASSES, type QuotaLimits } from './limits.ts'
import { scopeText, type Owner, type Usage } from './usage.ts'

/** What an eviction has to know of a row. */
export interface QuotaItem extends Owner {
  /** Bytes of the medium. */
  readonly size: number
  /** Bytes of the quota. */
  readonly charge: number
  /** Milliseconds since the epoch, of the last use. */
  readonly used: number
  /** Whether it has to stay, such as a row that says that its bytes are quarantined. */
  readonly isPinned: boolean
}

export interface PlanRequest<Item extends QuotaItem> {
  readonly items: readonly Item[]
  readonly limits: QuotaLimits
  /** Bytes on their way in, by owner, which cannot be evicted. */
  readonly inFlight: Usage
  /** What asks for room now, beyond those. */
  readonly incoming?: { readonly owner: Owner; readonly size: number } | undefined
  readonly free: Room | undefined
  /** Milliseconds since the epoch, of a clock that nobody sets. */
  readonly now: number
  readonly start: Start
}

/** What is known of the beginning of this process, in milliseconds since the epoch. */
export interface Start {
  /** What the clock said. */
  readonly at: number
  /** The latest use of a row that was there; infinitely long ago when there was none. */
  readonly latestUse: number
}

export type EvictionReason = 'class' | 'disk' | 'idle' | 'quota' | 'scope'

export interface Eviction<Item> {
  readonly item: Item
  readonly reason: EvictionReason
}

/**
 * What has to go, in the order in which it should: what was not used for long; then, of what was used least lately, what is
 * over the bound of its scope, of its class, of the store, and of the disk. A class keeps its reserve whatever the others need;
 * only a disk that is full is stronger.
 */
export function planEvictions<Item extends QuotaItem>(request: PlanRequest<Item>): readonly Eviction<Item>[] {
  const { items, limits, inFlight, incoming } = request
  const oldestFirst = [...items].sort((left, right) => left.used - right.used)
  const usage = inFlight.copy()
  for (const item of items) usage.add(item, item.charge)
  if (incoming !== undefined) usage.add(incoming.owner, incoming.size)

  const plan = new Map<Item, EvictionReason>()
  const evict = (reason: EvictionReason, isWanted: (item: Item) => boolean): void => {
    for (const item of oldestFirst) {
      if (item.isPinned || plan.has(item) || !isWanted(item)) continue
      plan.set(item, reason)
      usage.add(item, -item.charge)
    }
  }

  const { classes, highWater, lowWater } = limits
  evict('idle', (item) => idleFor(item, request) > classes[item.scopeClass].idle)

  // Where a bound is crossed, some room is made beyond it, so that the next upload does not ask again.
  const slack = lowWater / highWater
  const scopeBound = ({ scopeClass }: Owner): number => bytesOf(limits, classes[scopeClass].scopeShare)
  const crowded = new Set(items.filter((item) => usage.ofScope(item) > scopeBound(item)).map(scopeText))
  evict('scope', (item) => crowded.has(scopeText(item)) && usage.ofScope(item) > scopeBound(item) * slack)
  const classBound = (scopeClass: ScopeClass): number => bytesOf(limits, classes[scopeClass].share)
  const full = new Set(SCOPE_CLASSES.filter((scopeClass) => usage.ofClass(scopeClass) > classBound(scopeClass)))
  evict('class', ({ scopeClass }) => full.has(scopeClass) && usage.ofClass(scopeClass) > classBound(scopeClass) * slack)

  const isOver = usage.total() > bytesOf(limits, highWater)
  const isBeyondReserve = ({ scopeClass }: Owner): boolean =>
    usage.ofClass(scopeClass) > bytesOf(limits, classes[scopeClass].reserve)
  evict('quota', (item) => isOver && usage.total() > bytesOf(limits, lowWater) && isBeyondReserve(item))
  for (const mayTakeReserve of [false, true]) {
    const missing = missingRoom(request, [...plan.keys()])
    evict('disk', (item) => missing.isShort() && (mayTakeReserve || isBeyondReserve(item)) && missing.count(item))
  }
  return [...plan].map(([item, reason]) => ({ item, reason }))
}

/**
 * How long a row was not used. While the server was away nothing could be used, so that time does not count; and a clock that
 * was wrong when the process started makes no row old that was there before, also when newer ones have its times.
 */
function idleFor({ used }: QuotaItem, { now, start }: PlanRequest<QuotaItem>): number {
  const counted = used >= start.at ? now : Math.min(now, start.latestUse + now - start.at)
  return counted - used
}

interface MissingRoom {
  readonly isShort: () => boolean
  /** Counts what an item would free; always `true`. */
  readonly count: (item: QuotaItem) => boolean
}

/** How much of the medium has to be freed beyond what the plan frees already. */
function missingRoom<Item extends QuotaItem>(
  { free, limits, inFlight, incoming }: PlanRequest<Item>,
  planned: readonly Item[],
): MissingRoom {
  const planBytes = planned.reduce((sum, { size }) => sum + size, 0)
  let bytes = free === undefined ? 0 : limits.spare.bytes + inFlight.total() + (incoming?.size ?? 0) - free.bytes - planBytes
  let files = free === undefined ? 0 : limits.spare.files - free.files - planned.length
  return {
    isShort: () => bytes > 0 || files > 0,
    count: ({ size }) => {
      bytes -= size
      files -= 1
      return true
    },
  }
}
