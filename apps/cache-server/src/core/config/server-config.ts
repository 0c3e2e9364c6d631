import { z } from 'zod'
import { byteSize, storeSection, type StoreSection } from './store-section.ts'

/** `cache-server.yaml` with every default filled in. */
export interface ServerConfig {
  readonly listen: { readonly host: string; readonly port: number }
  readonly store: StoreSection
  /** Path of the policy; absent in local mode. */
  readonly policy?: string | undefined
  /** Path of the keys that session tokens are signed with. */
  readonly keys?: string | undefined
  /** Path of the keys that entries are signed with; without it none is. */
  readonly signing?: string | undefined
  /** Folder of the audit. */
  readonly audit: string
  readonly readOnly: boolean
  readonly limits: ConfigLimits
  readonly log: { readonly level: LogLevel }
  readonly shutdown: { readonly announce: number; readonly finish: number }
}

export interface ConfigLimits {
  /** Bytes of one artifact. */
  readonly artifact: number
  readonly reads: number
  readonly writes: number
  readonly waiting: number
  /** Seconds. */
  readonly stall: number
}

export type LogLevel = 'debug' | 'error' | 'info' | 'silent' | 'warn'

const LARGEST_ARTIFACT = 2 * 2 ** 30

const path = z.string().min(1)

/** The keys of the file; a schema of its own, so that every problem of a file can be told at once. */
export const serverConfigSchema: z.ZodType<ServerConfig> = z
  .strictObject({
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 is every one of the machine.'),
        port: z.int().min(0).max(65_535).default(8791).describe('0 takes a free one.'),
      })
      .prefault({}),
    store: storeSection,
    policy: path.optional().describe('Who may read and write what. Without it there is one token, for this machine alone.'),
    keys: path.optional().describe('The keys of session tokens, the same for all replicas; made when the file is missing.'),
    signing: path
      .optional()
      .describe(
        'The keys that sign entries, the same for all replicas; made when the file is missing. Without it nothing is signed.',
      ),
    audit: path.describe('Folder of the audit; one process at a time.'),
    readOnly: z.boolean().default(false).describe('Whether nothing is stored, whatever a token says.'),
    limits: z
      .strictObject({
        artifact: byteSize
          .pipe(z.int().max(LARGEST_ARTIFACT, 'is more than 2 GiB'))
          .default(512 * 2 ** 20)
          .describe('Bytes of one artifact, at most 2 GiB.'),
        reads: z.int().min(1).max(10_000).default(256).describe('Reads at the same time; more wait.'),
        writes: z.int().min(1).max(1000).default(32).describe('Writes at the same time; more wait.'),
        waiting: z.int().min(0).max(100_000).default(16_384).describe('Reads, and writes, that may wait for their turn.'),
        stall: z
          .int()
          .min(1)
          .max(3600)
          .default(30)
          .describe('Seconds over which a client has to move 16 KiB each; a slower one is cut off.'),
      })
      .prefault({}),
    log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
    shutdown: z
      .strictObject({
        announce: z
          .int()
          .min(0)
          .max(300)
          .default(5)
          .describe('Seconds between "not ready" and the end of new requests, for load balancers to notice.'),
        finish: z.int().min(0).max(300).default(30).describe('Seconds that requests have to end before they are cut off.'),
      })
      .prefault({}),
  })
  .superRefine((config, context) => {
    if (config.policy === undefined && !isLoopback(config.listen.host)) {
      const message = `is missing: without a policy one token opens everything, so the server listens on 127.0.0.1 only, not on ${config.listen.host}`
      context.addIssue({ code: 'custom', path: ['policy'], message })
    }
    if (config.policy !== undefined && config.keys === undefined) {
      context.addIssue({ code: 'custom', path: ['keys'], message: 'is missing: session tokens have to be signed with something' })
    }
  })

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/u.test(host)
}
