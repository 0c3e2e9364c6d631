import { z } from 'zod'

/** An Ed25519 key as its 32 bytes in base64url. */
const publicKey = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{43}$/u,
    'not the 32 bytes of an Ed25519 key in base64url: `interlock cache serve` prints them when it starts',
  )

const address = z.url({ protocol: /^https?$/u, error: 'not an http or https address' }).refine((text) => {
  const { username, password, search, hash } = new URL(text)
  return `${username}${password}${search}${hash}` === ''
}, 'an address without user, password, query and fragment: a token belongs into INTERLOCK_CACHE_TOKEN')

const limits = z.strictObject({
  artifactMiB: z
    .int()
    .min(1)
    .max(8192)
    .default(512)
    .describe('larger artifacts are neither taken from the cache nor given to it'),
  spoolMiB: z.int().min(1).max(65_536).default(1024).describe('disk that uploads may take while they wait'),
  flushSeconds: z.int().min(0).max(600).default(10).describe('how long the end of a run may wait for uploads'),
})

/** What interlock.yaml says about the cache, with every default filled in. */
export interface CacheSection {
  readonly url?: string | undefined
  readonly workspace?: string | undefined
  readonly publicKeys: readonly string[]
  readonly audience?: string | undefined
  readonly uploads: boolean
  readonly limits: { readonly artifactMiB: number; readonly spoolMiB: number; readonly flushSeconds: number }
}

/** Section `cache` of interlock.yaml. Without an address nothing of the cache is started. */
export const cacheSection: z.ZodType<CacheSection> = z
  .strictObject({
    url: address.optional().describe('address of the cache; INTERLOCK_CACHE_URL stands in for it'),
    workspace: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/u, 'a name of letters, digits, "-" and "_"')
      .optional()
      .describe('name of this workspace at the cache, where the token does not say it'),
    publicKeys: z
      .array(publicKey)
      .max(8)
      .default([])
      .describe('keys that the cache signs with; with one here, what is not signed is not used'),
    audience: z.string().min(1).optional().describe('audience of identity tokens (else the address)'),
    uploads: z.boolean().default(true).describe('whether results are given to the cache'),
    limits: limits.prefault({}),
  })
  .refine(({ publicKeys, workspace }) => publicKeys.length === 0 || workspace !== undefined, {
    path: ['workspace'],
    error: 'name the workspace too: a signature is over its name',
  })
