import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Authority } from '../core/access.ts'
import { createSteadyClock } from '../core/clock.ts'
import type { ServerConfig } from '../core/config/server-config.ts'
import { boundDenials } from './audit-denials.ts'
import { type AuditFolder, openAudit } from './audit.ts'
import { createAuthority, type PolicyAuthority } from './authority.ts'
import { type CacheServer, startServer } from './http/assemble.ts'
import { createMetrics } from './http/metrics.ts'
import { createSignatures } from './http/signatures.ts'
import { openGuard } from './guard.ts'
import { openKeyring } from './keyring.ts'
import { createLocalAuthority } from './local-authority.ts'
import { localToken } from './local-token.ts'
import { openPolicy } from './policy-file.ts'
import { createSigner } from './signer.ts'
import { openStore } from './open-store.ts'

export interface RunningServer {
  readonly url: string
  /** Where the token of a server without a policy is. */
  readonly tokenFile: string | undefined
  /** Ends it, and gives back what it holds. */
  readonly end: () => Promise<{ readonly aborted: number }>
}

/** Opens everything that a configuration names, and serves it. What was opened is closed again when a later part fails. */
export async function composeServer(config: ServerConfig, log: Logger): Promise<RunningServer> {
  const opened: (() => Promise<void>)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close()
  }
  try {
    const { server, tokenFile } = await open(config, log, opened)
    const { host } = config.listen
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`
    log.info({ url, store: config.store.kind, policy: config.policy ?? null }, 'listening')
    const end = async (): Promise<{ readonly aborted: number }> => {
      log.info('draining')
      const ended = await server.drain()
      await closeAll()
      log.info(ended, 'ended')
      return ended
    }
    return { url, tokenFile, end }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function open(
  config: ServerConfig,
  log: Logger,
  opened: (() => Promise<void>)[],
): Promise<{ readonly server: CacheServer; readonly tokenFile: string | undefined }> {
  const now = Date.now
  const steady = createSteadyClock(now, () => performance.now())
  const metrics = createMetrics()
  const store = await openStore(config.store, { log, now: steady })
  opened.push(store.close)
  const audit = boundDenials(await openAudit({ folder: config.audit, clock: now }), now)
  opened.push(audit.close)
  const { authority, keyAges, tokenFile } = await authorityOf(config, audit, now)
  const guard = await openGuard({ store, audit, metrics, log, now: steady, quota: config.store.quota })
  opened.push(guard.close)
  const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }
  await audit.append({ kind: 'start', detail: { version, store: store.kind, policy: config.policy ?? 'none' } })
  const server = await startServer({
    config,
    store,
    audit,
    authority,
    guard,
    log,
    metrics,
    now,
    version,
    signatures: createSignatures(config.signing === undefined ? undefined : createSigner(openKeyring(config.signing, now))),
    usage: guard.usage,
    quota: guard.quota,
    keyAges,
  })
  return { server, tokenFile }
}

async function authorityOf(
  { policy, keys, audit: folder }: ServerConfig,
  audit: AuditFolder,
  clock: () => number,
): Promise<Opened> {
  if (policy === undefined || keys === undefined) {
    const tokenFile = join(folder, '..', 'token')
    return { authority: createLocalAuthority(await localToken(tokenFile)), keyAges: () => ({}), tokenFile }
  }
  const opened = openPolicy(policy)
  await audit.notePolicy(opened.digest)
  const authority = createAuthority({ policy: opened.policy, keys: openKeyring(keys, clock), audit, clock })
  return { authority, keyAges: authority.keyAges, tokenFile: undefined }
}

interface Opened {
  readonly authority: Authority
  readonly keyAges: PolicyAuthority['keyAges']
  readonly tokenFile: string | undefined
}
