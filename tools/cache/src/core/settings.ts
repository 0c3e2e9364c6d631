import { createHash } from 'node:crypto'
import type { CacheSection } from './section.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the shield shows to the cache. */
export type Credential =
  | { readonly kind: 'none' }
  /** Something is there that can be no token. Nobody else is asked in its place: that would be another identity. */
  | { readonly kind: 'unusable'; readonly variable: string }
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
  | { readonly kind: 'on'; readonly settings: ShieldSettings; readonly warning?: string }
  | { readonly kind: 'off'; readonly warning?: string }

/** What stands in a variable whose value only the shield shall know. */
export const WITHHELD = 'withheld-by-interlock'

/** Variables that no task needs: what runs show to the cache, and what a person shows to administer it. */
export const OWN_SECRETS = ['INTERLOCK_CACHE_TOKEN', 'INTERLOCK_CACHE_ID_TOKEN', 'INTERLOCK_CACHE_ADMIN_TOKEN'] as const

/** Decides from interlock.yaml and the environment whether there is a cache. `INTERLOCK_CACHE_URL` beats the file. */
export function setupOf(section: CacheSection, env: Environment): Setup {
  if (offBy(env) !== undefined) return { kind: 'off' }
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
  const warning = switchWarning(env)
  return { kind: 'on', settings, ...(warning === undefined ? {} : { warning }) }
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

/** The variable, and its value, that leaves the cache out of runs; `undefined` where none does. */
export function offBy(env: Environment): string | undefined {
  const asked = valueOf(env, 'INTERLOCK_CACHE')
  if (asked !== undefined && OFF.includes(asked.toLowerCase())) return `INTERLOCK_CACHE=${asked}`
  return valueOf(env, 'NX_SKIP_REMOTE_CACHE') === 'true' ? 'NX_SKIP_REMOTE_CACHE=true' : undefined
}

/** What is said of a value of INTERLOCK_CACHE that means nothing: it may have been meant to leave the cache out. */
export function switchWarning(env: Environment): string | undefined {
  const asked = valueOf(env, 'INTERLOCK_CACHE')
  if (asked === undefined || [...OFF, ...ON].includes(asked.toLowerCase())) return undefined
  return 'the value of INTERLOCK_CACHE means nothing, so the cache is used: "off" leaves it out'
}

const OFF: readonly string[] = ['0', 'false', 'off']
const ON: readonly string[] = ['1', 'on', 'true']

/** A token of its own first, then what the CI service gives. A token with a line break at its end is a common accident. */
function credentialOf(env: Environment): Credential {
  const token = secretOf(env, 'INTERLOCK_CACHE_TOKEN', (text) => ({ kind: 'static', token: text }))
  const idToken = secretOf(env, 'INTERLOCK_CACHE_ID_TOKEN', (text) => ({ kind: 'id-token', token: text }))
  const url = valueOf(env, 'ACTIONS_ID_TOKEN_REQUEST_URL')
  const github = (): Credential | undefined =>
    url === undefined
      ? undefined
      : secretOf(env, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', (text) => ({ kind: 'github', url, token: text }))
  return token ?? idToken ?? github() ?? { kind: 'none' }
}

/** Spaces around a token are none of it; what could not stand in a header is no token. */
function secretOf(env: Environment, name: string, use: (token: string) => Credential): Credential | undefined {
  const value = valueOf(env, name)
  if (value === undefined || value === WITHHELD) return undefined
  return /^[\x21-\x7e]+$/u.test(value) ? use(value) : { kind: 'unusable', variable: name }
}

/** Why nothing is shown to the cache, in words of which none is secret. */
export function unusableText(variable: string): string {
  return `what is in ${variable} is no token: there is a line break, a space or a letter in it that no token has`
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
