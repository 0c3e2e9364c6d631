import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScopeClass } from '../entry.ts'
import { createSteadyClock } from '../clock.ts'
import { DEFAULT_CLASSES, limitProblems, quotaLimits, SCOPE_CLASSES, type QuotaLimits } from './limits.ts'
import { planEvictions, type PlanRequest, type QuotaItem } from './plan.ts'
import { createUsage } from './usage.ts'

const DAY = 24 * 60 * 60 * 1000
const NOW = 1_700_000_000_000
const LIMITS: QuotaLimits = { ...quotaLimits(1000, undefined), spare: { bytes: 0, files: 0 } }

/** A server that has been there since before every row. */
const START = { at: NOW - 365 * DAY, latestUse: -Infinity }

interface Named extends QuotaItem {
  readonly name: string
}

let count = 0
/** A row; `age` is the time since its last use. */
function item(scope: string, size: number, { age = 0, name = `row ${(count += 1)}`, isPinned = false } = {}): Named {
  return {
    scopeClass: scope.split('/')[0] as ScopeClass,
    workspace: 'acme',
    scope,
    size,
    charge: size,
    used: NOW - age,
    isPinned,
    name,
  }
}

function plan(items: readonly Named[], more: Partial<PlanRequest<Named>> = {}): string[] {
  const request = { items, limits: LIMITS, inFlight: createUsage(), free: undefined, now: NOW, start: START, ...more }
  return planEvictions(request).map(({ item: { name }, reason }) => `${name}: ${reason}`)
}

describe('a plan of evictions', () => {
  it('is empty for an empty store, and for one that is full up to the high water', () => {
    expect(plan([])).toEqual([])
    expect(plan([item('trusted/main', 750), item('branch/a', 90), item('queue/a', 60)])).toEqual([])
  })

  it('takes what was not used for the time of its class', () => {
    const idle = (scope: string, days: number): Named => item(scope, 1, { age: days * DAY, name: `${scope} ${days}` })
    const rows = [
      ...[29, 31].map((days) => idle('trusted/main', days)),
      ...[6, 8].map((days) => idle('pr/1', days)),
      ...[13, 15].map((days) => idle('branch/x', days)),
      ...[2, 4].map((days) => idle('queue/q', days)),
      item('trusted/main', 1),
    ]
    expect(plan(rows)).toEqual(['trusted/main 31: idle', 'branch/x 15: idle', 'pr/1 8: idle', 'queue/q 4: idle'])
  })

  it('takes the least lately used of a scope that is over its bound, with some room beyond', () => {
    const rows = [30, 40, 31].map((size, index) => item('pr/1', size, { age: index, name: `p${index}` }))
    expect(plan([...rows, item('pr/2', 90), item('trusted/main', 500)])).toEqual(['p2: scope'])
  })

  it('takes the least lately used of a class that is over its bound', () => {
    const rows = Array.from({ length: 5 }, (_, index) => item(`pr/${index}`, 80, { age: 10 - index, name: `p${index}` }))
    expect(plan(rows)).toEqual(['p0: class', 'p1: class'])
  })

  it('over the high water goes down to the low water, oldest first', () => {
    const rows = ['branch/a', 'queue/a', 'pr/1'].map((scope, index) => item(scope, 90, { age: index, name: scope }))
    expect(plan([...rows, item('trusted/main', 650, { age: 9 })])).toEqual(['pr/1: quota', 'queue/a: quota'])
  })

  it('cache-36: takes nothing of the reserve of the trusted scopes for anybody else', () => {
    const trusted = Array.from({ length: 7 }, (_, index) => item('trusted/main', 100, { age: 20 * DAY + index }))
    const others = Array.from({ length: 30 }, (_, index) => item(`pr/${index % 3}`, 9, { age: index, name: `p${index}` }))
    const taken = plan([...trusted, ...others])
    expect(taken.length).toBeGreaterThan(10)
    expect(taken.every((text) => /^p\d+: quota$/.test(text))).toBe(true)
  })

  it('does not let two workspaces share the bound of a scope', () => {
    const one = item('pr/1', 90)
    expect(plan([one, { ...one, workspace: 'other', name: 'other' }])).toEqual([])
  })

  it('counts what is on its way, which cannot go itself', () => {
    const inFlight = createUsage()
    inFlight.add({ scopeClass: 'pr', workspace: 'acme', scope: 'pr/1' }, 60)
    expect(plan([item('pr/1', 50, { name: 'old' })], { inFlight })).toEqual(['old: scope'])
    const incoming = { owner: { scopeClass: 'pr', workspace: 'acme', scope: 'pr/1' }, size: 60 } as const
    expect(plan([item('pr/1', 50, { name: 'old' })], { incoming })).toEqual(['old: scope'])
  })

  it('makes room on a disk that others fill: first beyond the reserves, then from them', () => {
    const limits = { ...LIMITS, spare: { bytes: 100, files: 2 } }
    const rows = [item('trusted/main', 50, { age: 9, name: 'trusted' }), item('pr/1', 50, { name: 'pr' })]
    expect(plan(rows, { limits, free: { bytes: 60, files: 10 } })).toEqual(['pr: disk'])
    expect(plan(rows, { limits, free: { bytes: 10, files: 10 } })).toEqual(['pr: disk', 'trusted: disk'])
    expect(plan(rows, { limits, free: { bytes: 1000, files: 1 } })).toEqual(['pr: disk'])
    expect(plan(rows, { limits, free: { bytes: 1000, files: 2 } })).toEqual([])
  })

  it('without a bound only takes what is idle, and what a full disk needs', () => {
    const limits = { ...quotaLimits(undefined, undefined), spare: { bytes: 100, files: 0 } }
    const rows = [item('pr/1', 1e15, { age: 8 * DAY, name: 'idle' }), item('pr/1', 1e15, { age: 1, name: 'pr' })]
    expect(plan(rows, { limits })).toEqual(['idle: idle'])
    expect(plan([rows[1]!], { limits, free: { bytes: 0, files: 9 } })).toEqual(['pr: disk'])
  })

  it('never takes a row that is pinned', () => {
    expect(plan([item('pr/1', 900, { age: 400 * DAY, isPinned: true }), item('pr/1', 50, { name: 'other' })])).toEqual([
      'other: scope',
    ])
  })
})

describe('cache-37: a clock that jumps', () => {
  const rows = [0, 6.5, 29.5].map((days, index) =>
    item(index === 2 ? 'trusted/main' : 'pr/1', 1, { age: days * DAY, name: `${days}` }),
  )

  const since = (at: number): PlanRequest<Named>['start'] => ({ at, latestUse: NOW })

  it('makes nothing old that was not, while the process runs', () => {
    let wall = NOW
    let monotonic = 5000
    const now = createSteadyClock(
      () => wall,
      () => monotonic,
    )
    const start = since(now())
    for (const jump of [1, -2, 400, -700]) {
      wall += jump * DAY
      monotonic += 1000
      expect(plan(rows, { now: now(), start })).toEqual([])
    }
    expect(now()).toBe(NOW + 4000)
    monotonic += DAY
    expect(plan(rows, { now: now(), start })).toEqual(['29.5: idle', '6.5: idle'])
  })

  it.each([1, 400, 10_000])(
    'makes nothing old when it is %i days on at the start, or when the server was away so long',
    (days) => {
      const start = since(NOW + days * DAY)
      const later = { start, now: start.at + 1000 }
      expect(plan(rows, { start, now: start.at })).toEqual([])
      expect(plan(rows, later)).toEqual([])
      const fresh = item('pr/1', 1, { age: -days * DAY - 500, name: 'fresh' })
      expect(plan([...rows, fresh], later)).toEqual([])
      expect(plan([...rows, fresh], { start, now: start.at + DAY })).toEqual(['29.5: idle', '6.5: idle'])
      expect(plan([fresh], { start, now: start.at + 8 * DAY })).toEqual(['fresh: idle'])
    },
  )

  it('makes nothing old when it is behind at the start', () => {
    expect(plan(rows, { now: 0, start: since(0) })).toEqual([])
    expect(plan(rows, { now: NOW - DAY, start: since(NOW - 400 * DAY) })).toEqual([])
  })
})

describe('limits', () => {
  it('take at most four fifths of the medium', () => {
    expect(quotaLimits(undefined, { totalBytes: 1000 })).toMatchObject({ maxBytes: 800, spare: { bytes: 50, files: 64 } })
    expect(quotaLimits(5000, { totalBytes: 1000 })).toMatchObject({ maxBytes: 800 })
    expect(quotaLimits(500, { totalBytes: 1000 })).toMatchObject({ maxBytes: 500 })
    expect(limitProblems(quotaLimits(500, { totalBytes: 1000 }))).toEqual([])
  })

  it.each<[string, Partial<QuotaLimits>]>([
    ['the quota is not above 0', { maxBytes: 0 }],
    ['the low water is not below the high water', { lowWater: 0.95 }],
    [
      'the reserves of all classes, 0.9, are more than the low water, 0.8',
      { classes: withClass('trusted', { reserve: 0.9, share: 1 }) },
    ],
    [
      'the shares of pr do not hold 0 <= reserve <= share <= 1 and 0 < scopeShare <= share',
      { classes: withClass('pr', { scopeShare: 0.5 }) },
    ],
    ['the time of queue is not above 0', { classes: withClass('queue', { idle: 0 }) }],
  ])('say that %s', (problem, more) => {
    expect(limitProblems({ ...LIMITS, ...more })).toEqual([problem])
  })
})

function withClass(name: ScopeClass, more: Partial<QuotaLimits['classes'][ScopeClass]>): QuotaLimits['classes'] {
  return { ...DEFAULT_CLASSES, [name]: { ...DEFAULT_CLASSES[name], ...more } }
}

describe('any store', () => {
  const anyItem = fc
    .record({
      scopeClass: fc.constantFrom(...SCOPE_CLASSES),
      scope: fc.nat({ max: 2 }),
      size: fc.integer({ min: 1, max: 200 }),
      age: fc.integer({ min: 0, max: 40 * DAY }),
      isPinned: fc.nat({ max: 9 }).map((number) => number === 0),
    })
    .map(({ scopeClass, scope, ...rest }) => item(`${scopeClass}/${scope}`, rest.size, rest))

  it('is within all bounds afterwards, and loses of the trusted rows only what they crowd out themselves', () => {
    const property = fc.property(fc.array(anyItem, { maxLength: 40 }), (items) => violationsOf(items).length === 0)
    expect(() => fc.assert(property, { numRuns: 1000 })).not.toThrow()
  })
})

/** What is wrong with the plan for these rows. A bound that only pinned rows cross cannot be kept. */
function violationsOf(items: readonly Named[]): string[] {
  const request = { items, limits: LIMITS, inFlight: createUsage(), free: undefined, now: NOW, start: START }
  const evictions = planEvictions(request)
  const gone = new Set(evictions.map((eviction) => eviction.item))
  const kept = items.filter((row) => !gone.has(row))
  const found = [...gone].filter(({ isPinned }) => isPinned).map(({ name }) => `${name} was pinned`)
  const check = (name: string, rows: readonly Named[], share: number): void => {
    if (rows.some(({ isPinned }) => !isPinned) && bytes(rows) > share * 1000) found.push(`${name} has ${bytes(rows)}`)
  }
  for (const scopeClass of SCOPE_CLASSES) {
    const rows = kept.filter((row) => row.scopeClass === scopeClass)
    check(scopeClass, rows, DEFAULT_CLASSES[scopeClass].share)
    for (const scope of ['0', '1', '2'].map((name) => `${scopeClass}/${name}`)) {
      check(
        scope,
        rows.filter((row) => row.scope === scope),
        DEFAULT_CLASSES[scopeClass].scopeShare,
      )
    }
  }
  if (kept.every(({ isPinned }) => !isPinned)) check('the store', kept, LIMITS.highWater)

  const trusted = items.filter(({ scopeClass }) => scopeClass === 'trusted')
  if (trusted.some(({ isPinned }) => isPinned)) return found
  const crowdedOut = evictions.filter(({ item: { scopeClass }, reason }) => scopeClass === 'trusted' && reason !== 'idle')
  if (crowdedOut.some(({ reason }) => reason === 'quota')) found.push('a trusted row went for others')
  const newest = Math.max(...crowdedOut.filter(({ reason }) => reason === 'class').map(({ item: { used } }) => used))
  if (crowdedOut.every(({ reason }) => reason === 'class') && trusted.some((row) => !gone.has(row) && row.used < newest)) {
    found.push('a trusted row went before an older one')
  }
  return found
}

function bytes(rows: readonly Named[]): number {
  return rows.reduce((sum, { size }) => sum + size, 0)
}
