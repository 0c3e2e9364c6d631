/** What shield and server say to each other: the paths, headers and documents of the cache, version 1. */

/** Nx's own path is `/v1/cache/<hash>`; a workspace may stand before it: `/ns/<workspace>/v1/cache/<hash>`. */
export const PATHS = {
  cache: '/v1/cache',
  token: '/v1/token',
  status: '/v1/status',
  purge: '/v1/admin/purge',
  quarantine: '/v1/admin/quarantine',
  divergences: '/v1/admin/divergences',
} as const

export const HEADERS = {
  /** Hex SHA-256 of the body. */
  digest: 'x-artifact-digest',
  /** Base64url Ed25519 signature of `signedText`; absent where the server has no signing key. */
  signature: 'x-artifact-signature',
  /** The scope that the artifact was found in. */
  scope: 'x-artifact-scope',
  /** The tool's own time for the task in milliseconds, as the writer measured it. */
  duration: 'x-artifact-duration',
  /** Why a request was refused, as a word of `Reason`, also where the status has to hide it from Nx. */
  reason: 'x-cache-reason',
  /** `1` asks for the true status (413, 429, 503) instead of the one that Nx tolerates. */
  strict: 'x-cache-strict',
} as const

/** What one hash may look like, for every tool. */
export const HASH: RegExp = /^[A-Za-z0-9_-]{1,128}$/u

/** Why a request was refused. */
export type Reason =
  | 'absent'
  | 'bad-request'
  | 'damaged'
  | 'draining'
  | 'duplicate'
  | 'expired'
  | 'fault'
  | 'forbidden'
  | 'no-space'
  | 'overload'
  | 'quarantined'
  | 'quota'
  | 'too-large'
  | 'unknown-token'
  | 'unsafe-artifact'

/** Answer of `POST /v1/token` (RFC 8693), with what was granted. */
export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly issued_token_type: 'urn:ietf:params:oauth:token-type:jwt'
  /** Seconds. */
  readonly expires_in: number
  readonly workspace: string
  /** Scopes in the order in which they are looked at. */
  readonly read: readonly string[]
  readonly write: string | null
  /** The rule of the policy that matched. */
  readonly rule: string
}

/** What is signed about one entry: nobody who can write the bucket can move bytes to another name. */
export interface SignedEntry {
  readonly workspace: string
  readonly tool: string
  readonly scope: string
  readonly hash: string
  readonly digest: string
  readonly size: number
}

/** The text that a signature is over: one line for each field, none of which may hold a line break. */
export function signedText({ workspace, tool, scope, hash, digest, size }: SignedEntry): string {
  const fields = [workspace, tool, scope, hash, digest, String(size)]
  if (fields.some((field) => /[\r\n]/u.test(field))) throw new RangeError('a field of a signed entry holds a line break')
  return ['interlock-cache-entry-v1', ...fields, ''].join('\n')
}
