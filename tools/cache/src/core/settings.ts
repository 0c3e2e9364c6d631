import { createHash } from 'node:crypto'
import type { CacheSection } from './section.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the shield shows to the cache. */
export type Credential =
  | { readonly kind: 'none' }
  /** A token that is sent as it is: that of a laptop. */
  | { readonly kind: 'static'; readonly token: string }
  /** An identity token that is exchanged: GitLab's `id_tokens`. */
  | { readonly kind: 'id-token'; readonly token: string }
  /** GitHub gives an identity token to whoever shows this one. */
  | { readonly kind: 'github'; readonly url: string; readonly token: string }

/** The proxies of the way to the cache. */
export interface ProxySettings {
  readonly http: string | undefined
  readonly https: string | undefined
  readonly no: string | undefined
}

/** Everything that a shield needs to know. Holds secrets: never in arguments, environments or logs. */
export interface ShieldSettings {
  /** Without a slash at the end. */
  readonly url: string
  readonly workspace: string | undefined
  readonly publicKeys: readonly string[]
  readonly audience: string
  readonly uploads: boolean
  readonly limits: CacheSection['limits']
  readonly credential: Credential
  readonly proxy: ProxySettings
}

/** Whether the cache is used, or why not. */
export type Setup =
  | { readonly kind: 'on'; readonly settings: ShieldSettings }
  | { readonly kind: 'off'; readonly warning?: string }

/** What stands in a variable whose value only the shield shall know. */
export const WITHHELD = 'withheld-by-interlock'

/** Variables that no task needs: what runs show to the cache, and what a person shows to administer it. */
export const OWN_SECRETS = ['INTERLOCK_CACHE_TOKEN', 'INTERLOCK_CACHE_ID_TOKEN', 'INTERLOCK_CACHE_ADMIN_TOKEN'] as const

/** Decides from interlock.yaml and the environment whether there is a cache. `INTERLOCK_CACHE_URL` beats the file. */
export function setupOf(section: CacheSection, env: Environment): Setup {
  if (isOff(env)) return { kind: 'off' }
  const named = valueOf(env, 'INTERLOCK_CACHE_URL')
  const url = named ?? section.url
  if (url === undefined) return { kind: 'off' }
  const problem = named === undefined ? undefined : problemOf(named)
  if (problem !== undefined) return { kind: 'off', warning: `INTERLOCK_CACHE_URL ${problem}` }
  const address = withoutSlash(url)
  const { workspace, publicKeys, uploads, limits } = section
  const settings: ShieldSettings = {
    url: address,
    workspace,
    publicKeys,
    uploads,
    limits,
    audience: section.audience ?? address,
    credential: credentialOf(env),
    proxy: proxyOf(env),
  }
  return { kind: 'on', settings }
}

/** What else a shield is made of: runs share one only where all of it is the same. */
export interface Surroundings {
  readonly version: string
  /** Variables that decide which servers are trusted. */
  readonly trust: Readonly<Record<string, string>>
}

/** A name for these settings that says nothing about them. */
export function settingsKey(settings: ShieldSettings, { version, trust }: Surroundings): string {
  return createHash('sha256')
    .update(JSON.stringify([version, trust, settings]))
    .digest('hex')
    .slice(0, 32)
}

/** The address of one artifact. */
export function artifactUrl({ url, workspace }: Pick<ShieldSettings, 'url' | 'workspace'>, hash: string): string {
  return `${workspaceUrl(url, workspace)}/v1/cache/${hash}`
}

/** The address of the workspace: what stands before `/v1`. */
export function workspaceUrl(url: string, workspace: string | undefined): string {
  return workspace === undefined ? url : `${url}/ns/${encodeURIComponent(workspace)}`
}

function isOff(env: Environment): boolean {
  const asked = valueOf(env, 'INTERLOCK_CACHE')?.toLowerCase()
  return asked === 'off' || asked === 'false' || asked === '0' || valueOf(env, 'NX_SKIP_REMOTE_CACHE') === 'true'
}

/** A token of its own first, then what the CI service gives. A token with a line break at its end is a common accident. */
function credentialOf(env: Environment): Credential {
  const token = secretOf(env, 'INTERLOCK_CACHE_TOKEN')
  if (token !== undefined) return { kind: 'static', token }
  const idToken = secretOf(env, 'INTERLOCK_CACHE_ID_TOKEN')
  if (idToken !== undefined) return { kind: 'id-token', token: idToken }
  const url = valueOf(env, 'ACTIONS_ID_TOKEN_REQUEST_URL')
  const requestToken = secretOf(env, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN')
  if (url === undefined || requestToken === undefined) return { kind: 'none' }
  return { kind: 'github', url, token: requestToken }
}

/** Spaces around a token are none of it; a token that could not stand in a header is none at all. */
function secretOf(env: Environment, name: string): string | undefined {
  const value = valueOf(env, name)
  return value === undefined || value === WITHHELD || !/^[\x21-\x7e]+$/u.test(value) ? undefined : value
}

function proxyOf(env: Environment): ProxySettings {
  const either = (name: string): string | undefined => valueOf(env, name.toLowerCase()) ?? valueOf(env, name)
  const all = either('ALL_PROXY')
  return { http: either('HTTP_PROXY') ?? all, https: either('HTTPS_PROXY') ?? all, no: either('NO_PROXY') }
}

function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === '' ? undefined : value
}

function problemOf(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is not an address'
  const { protocol, username, password, search, hash } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return 'is not an http or https address'
  return `${username}${password}${search}${hash}` === '' ? undefined : 'holds a user, a password, a query or a fragment'
}

/** `https://host//base/` and `https://host/base` are one address. */
function withoutSlash(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname.replaceAll(/\/{2,}/gu, '/').replace(/\/$/u, '')
}
