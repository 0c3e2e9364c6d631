import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEvent, Authority } from '../core/access.ts'
import type { ConfigLimits } from '../core/config/server-config.ts'
import type { Usage } from '../core/http/reports.ts'
import { openGuard } from '../io/guard.ts'
import { type CacheServer, startServer } from '../io/http/assemble.ts'
import { createMetrics } from '../io/http/metrics.ts'
import type { Guard } from '../io/http/parts.ts'
import { createSignatures } from '../io/http/signatures.ts'
import { createLog } from '../io/log.ts'
import { openDiskStore } from '../io/stores/disk/disk-store.ts'
import type { Store } from '../io/store.ts'

export interface TestServer {
  readonly url: string
  readonly store: Store
  readonly audited: readonly AuditEvent[]
  /** What it logged, line by line. */
  readonly logged: readonly string[]
  readonly directory: string
  readonly drain: CacheServer['drain']
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface TestServerOptions {
  readonly authority: Authority
  readonly now?: () => number
  readonly limits?: Partial<ConfigLimits>
  readonly readOnly?: boolean
  /** What it opens instead of a directory of its own. */
  readonly open?: () => Promise<Store>
  readonly store?: (store: Store) => Store
  readonly guard?: Partial<Guard>
  /** Whether the real guard stands before the store; tests of the wire send words that are no artifacts. */
  readonly isGuarded?: boolean
  /** Bytes that the guard lets in. */
  readonly quota?: number
  /** What is said to be stored; else what the real guard counts. */
  readonly usage?: () => Usage | undefined
  readonly version?: string
  /** Seconds. */
  readonly announce?: number
  /** Seconds. */
  readonly finish?: number
}

/** The real server on a free port of loop-back, over a directory of its own. */
export async function testServer({
  authority,
  now = Date.now,
  limits,
  readOnly = false,
  open,
  store: wrap,
  guard,
  isGuarded = false,
  quota,
  usage,
  version = '0.0.0-test',
  announce = 0,
  finish = 5,
}: TestServerOptions): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'interlock-server-'))
  const opened = await (open?.() ??
    openDiskStore({ directory: join(directory, 'store'), durability: 'none', now, onEvent: () => undefined }))
  const store = wrap?.(opened) ?? opened
  const audited: AuditEvent[] = []
  const logged: string[] = []
  const log = createLog('debug', { write: (line) => void logged.push(line) })
  const metrics = createMetrics()
  const audit = { append: async (event: AuditEvent) => void audited.push(event), close: async () => undefined }
  const real = isGuarded ? await openGuard({ store, audit, metrics, log, now, quota }) : undefined
  const server = await startServer({
    audit,
    authority,
    guard: { ...(real ?? OPEN), ...guard },
    log,
    metrics,
    now,
    signatures: createSignatures(undefined),
    store,
    config: {
      limits: { artifact: 2 ** 29, reads: 256, writes: 32, waiting: 16_384, stall: 30, ...limits },
      listen: { host: '127.0.0.1', port: 0 },
      readOnly,
      shutdown: { announce, finish },
    },
    version,
    usage: usage ?? real?.usage ?? (() => undefined),
    quota: () => quota,
    keyAges: () => ({ 'https://issuer.example': 1500 }),
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    store,
    audited,
    logged,
    directory,
    drain: server.drain,
    [Symbol.asyncDispose]: async () => {
      await server.drain()
      await real?.close()
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const OPEN: Guard = {
  admit: async () => ({ kind: 'admitted', release: () => undefined }),
  inspect: async () => ({ kind: 'opaque' }),
  published: () => undefined,
  removed: () => undefined,
  divergences: async () => ({ divergences: [] }),
}
