import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ScopeClass, Tool } from '../../core/entry.ts'
import type { Usage } from '../../core/http/reports.ts'

/** How a request about an artifact ended, in few words: each is a label. */
export type Result = 'denied' | 'duplicate' | 'expired' | 'fault' | 'hit' | 'miss' | 'quarantined' | 'refused' | 'stored'

export interface Observed {
  readonly tool: Tool
  readonly op: 'get' | 'put'
  readonly result: Result
  readonly scopeClass: ScopeClass | 'none'
  /** Seconds. */
  readonly seconds: number
}

/** What is counted, and how Prometheus reads it. No label holds a hash, a token, or anything else that a client chose. */
export interface Metrics {
  readonly observe: (observed: Observed) => void
  readonly moved: (direction: 'in' | 'out', bytes: number) => void
  readonly denied: (reason: 'expired' | 'forbidden' | 'unknown') => void
  readonly evicted: (reason: string, count: number) => void
  readonly diverged: (count: number) => void
  readonly stalled: () => void
  readonly total: (result: Result) => number
  readonly totals: () => { readonly denials: number; readonly evictions: number; readonly divergences: number }
  /** From now on these figures are shown too. */
  readonly show: (gauges: Gauges) => void
  readonly exposition: () => Promise<string>
  readonly contentType: string
}

/** Figures that are read when somebody asks. */
export interface Gauges {
  readonly inside: (op: 'get' | 'put') => number
  readonly waiting: (op: 'get' | 'put') => number
  readonly usage: () => Usage | undefined
  readonly quota: () => number | undefined
  /** Milliseconds since the keys of each issuer came; absent where they never did. */
  readonly keyAges: () => Readonly<Record<string, number | undefined>>
}

const SEPARATOR = ' '
const BUCKETS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const requests = tally(registry, {
    name: 'cache_requests_total',
    help: 'Requests about artifacts',
    labels: ['tool', 'op', 'result', 'scope_class'],
  })
  const bytes = tally(registry, { name: 'cache_bytes_total', help: 'Bytes of artifacts', labels: ['direction'] })
  const denials = tally(registry, { name: 'cache_auth_denied_total', help: 'Refused tokens', labels: ['reason'] })
  const evictions = tally(registry, { name: 'cache_evictions_total', help: 'Entries taken away', labels: ['reason'] })
  const divergences = tally(registry, {
    name: 'cache_divergences_total',
    help: 'Hashes whose content differs between scopes',
    labels: [],
  })
  const stalls = tally(registry, { name: 'cache_stalled_total', help: 'Connections closed for being too slow', labels: [] })
  const seconds = new Histogram({
    name: 'cache_request_seconds',
    help: 'Time from the request to the end of the answer',
    labelNames: ['op'],
    buckets: BUCKETS,
    registers: [registry],
  })
  return {
    observe: ({ tool, op, result, scopeClass, seconds: taken }) => {
      requests.add([tool, op, result, scopeClass].join(SEPARATOR), 1)
      seconds.observe({ op }, taken)
    },
    moved: (direction, count) => bytes.add(direction, count),
    denied: (reason) => denials.add(reason, 1),
    evicted: (reason, count) => evictions.add(reason, count),
    diverged: (count) => divergences.add('', count),
    stalled: () => stalls.add('', 1),
    total: (result) => requests.sum((words) => words[2] === result),
    totals: () => ({
      denials: denials.sum(() => true),
      evictions: evictions.sum(() => true),
      divergences: divergences.sum(() => true),
    }),
    show: (gauges) => addGauges(registry, gauges),
    exposition: async () => registry.metrics(),
    contentType: registry.contentType,
  }
}

interface Tally {
  readonly add: (words: string, count: number) => void
  readonly sum: (matches: (words: readonly string[]) => boolean) => number
}

/** Counts in a plain map, because a labelled counter costs more than the rest of a small hit, and hands over when asked. */
function tally(
  registry: Registry,
  { name, help, labels }: { readonly name: string; readonly help: string; readonly labels: readonly string[] },
): Tally {
  const counts = new Map<string, number>()
  const counter = new Counter({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect() {
      this.reset()
      for (const [words, count] of counts) {
        const values = words.split(SEPARATOR)
        this.inc(Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])), count)
      }
    },
  })
  counter.reset()
  return {
    add: (words, count) => void counts.set(words, (counts.get(words) ?? 0) + count),
    sum: (matches) => [...counts].reduce((sum, [words, count]) => (matches(words.split(SEPARATOR)) ? sum + count : sum), 0),
  }
}

function addGauges(registry: Registry, gauges: Gauges): void {
  const operations = ['get', 'put'] as const
  addGauge(registry, { name: 'cache_in_flight', help: 'Requests that are being answered', labelNames: ['op'] }, (set) => {
    for (const op of operations) set({ op }, gauges.inside(op))
  })
  addGauge(registry, { name: 'cache_waiting', help: 'Requests that wait for their turn', labelNames: ['op'] }, (set) => {
    for (const op of operations) set({ op }, gauges.waiting(op))
  })
  addGauge(
    registry,
    {
      name: 'cache_stored_bytes',
      help: 'Bytes that entries take: as last counted, with what this server changed since',
      labelNames: ['scope_class'],
    },
    (set) => {
      for (const [name, { bytes }] of Object.entries(gauges.usage()?.classes ?? {})) set({ scope_class: name }, bytes)
    },
  )
  addGauge(registry, { name: 'cache_quota_bytes', help: 'Bytes that entries may take', labelNames: [] }, (set) => {
    const quota = gauges.quota()
    if (quota !== undefined) set({}, quota)
  })
  addKeyAges(registry, gauges.keyAges)
}

function addKeyAges(registry: Registry, keyAges: Gauges['keyAges']): void {
  addGauge(registry, { name: 'cache_jwks_age_seconds', help: 'Age of the keys of an issuer', labelNames: ['issuer'] }, (set) => {
    for (const [issuer, age] of Object.entries(keyAges())) if (age !== undefined) set({ issuer }, age / 1000)
  })
}

type SetGauge = (labels: Readonly<Record<string, string>>, value: number) => void

function addGauge(
  registry: Registry,
  names: { readonly name: string; readonly help: string; readonly labelNames: readonly string[] },
  collect: (set: SetGauge) => void,
): void {
  const gauge: Gauge = new Gauge({
    ...names,
    registers: [registry],
    collect: () => collect((labels, value) => gauge.set(labels, value)),
  })
}
