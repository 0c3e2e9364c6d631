import type { ServerConfig } from '../../core/config/server-config.ts'
import type { StatusReport, Usage } from '../../core/http/reports.ts'
import { createGate } from './gate.ts'
import type { OperationsParts } from './operations.ts'
import { createOutage } from './outage.ts'
import type { Parts } from './parts.ts'
import { listen } from './server.ts'
import { createStallWatch } from './stall.ts'

/** What a server is given; the rest it makes. */
export interface Ingredients extends Pick<
  Parts,
  'audit' | 'authority' | 'guard' | 'log' | 'metrics' | 'now' | 'signatures' | 'store'
> {
  readonly config: Pick<ServerConfig, 'limits' | 'listen' | 'readOnly' | 'shutdown'>
  readonly version: string
  readonly usage: () => Usage | undefined
  readonly quota: () => number | undefined
  readonly keyAges: () => Readonly<Record<string, number | undefined>>
}

export interface CacheServer {
  readonly port: number
  /** Ends it: not ready first, then nothing new, then what is in flight; resolves when nothing is left. */
  readonly drain: () => Promise<{ readonly aborted: number }>
}

const SECOND = 1000
const SLOWEST = 16 * 1024
/** As much of a refused body as is read, so that the client sees why. */
const DRAIN = { bytes: 64 * 2 ** 20, milliseconds: 10 * SECOND }
const PATIENCE = { get: 30 * SECOND, put: 120 * SECOND }
const TIMEOUTS = { keepAlive: 100 * SECOND, headers: 10 * SECOND }

/** Starts the server. */
export async function startServer(ingredients: Ingredients): Promise<CacheServer> {
  const { config, keyAges, metrics, now, usage, quota } = ingredients
  const { limits } = config
  const started = now()
  let phase: 'announcing' | 'closing' | 'serving' = 'serving'
  const gates = {
    get: createGate({ inside: limits.reads, waiting: limits.waiting, patience: PATIENCE.get }),
    put: createGate({ inside: limits.writes, waiting: limits.waiting, patience: PATIENCE.put }),
  }
  metrics.show({
    inside: (op) => gates[op].inside(),
    waiting: (op) => gates[op].waiting(),
    usage,
    quota,
    keyAges,
  })
  const stall = createStallWatch({ milliseconds: limits.stall * SECOND, bytes: limits.stall * SLOWEST }, metrics.stalled)
  const status = (): StatusReport => ({
    store: ingredients.store.kind,
    uptime: Math.max(0, (now() - started) / SECOND),
    draining: phase !== 'serving',
    readOnly: config.readOnly,
    hits: metrics.total('hit'),
    misses: metrics.total('miss'),
    stored: metrics.total('stored'),
    duplicates: metrics.total('duplicate'),
    faults: metrics.total('fault'),
    ...metrics.totals(),
    usage: usage(),
    usageAge: ageOf(usage(), now()),
  })
  const parts: Parts & OperationsParts = {
    ...ingredients,
    gates,
    stall,
    outage: createOutage(() => performance.now()),
    status,
    limits: { artifact: limits.artifact, drain: DRAIN, readOnly: config.readOnly },
    draining: () => phase !== 'serving',
    closing: () => phase === 'closing',
  }
  const listening = await listen(parts, { ...config.listen, timeouts: TIMEOUTS })
  const drain = async (): Promise<{ readonly aborted: number }> => {
    phase = 'announcing'
    await announce(config.shutdown.announce * SECOND)
    phase = 'closing'
    const ended = await listening.close(config.shutdown.finish * SECOND)
    stall.close()
    return ended
  }
  return { port: listening.port, drain: once(drain) }
}

function ageOf(usage: Usage | undefined, now: number): number | undefined {
  return usage === undefined ? undefined : Math.max(0, (now - usage.counted) / SECOND)
}

async function announce(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | undefined
  return async () => (running ??= work())
}
