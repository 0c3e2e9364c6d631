import { HASH, PATHS } from '@interlock/cache/wire'

/** What a path asks for; the method is looked at later. */
export type Route = Place &
  (
    | { readonly kind: 'artifact'; readonly tool: 'nx' | 'turbo'; readonly hash: string }
    | { readonly kind: 'turbo'; readonly what: 'events' | 'query' | 'status' }
    | { readonly kind: 'webdav'; readonly path: string }
    | { readonly kind: AdminKind }
    | { readonly kind: OperationsKind }
    | { readonly kind: 'token' }
    /** A place of ours with a name that no tool would write. */
    | { readonly kind: 'misnamed'; readonly tool: 'nx' | 'turbo' }
    | { readonly kind: 'nothing' }
  )

interface Place {
  /** The workspace that the path names: `/ns/<workspace>/…`. */
  readonly workspace: string | undefined
}

/** What who runs a workspace asks for. */
export type AdminKind = 'divergences' | 'purge' | 'quarantine'

/** What who runs the server asks for. */
export type OperationsKind = 'health' | 'metrics' | 'page' | 'ready' | 'status' | 'style'

const WORKSPACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u
const BASE = '/ns/'
const NX = `${PATHS.cache}/`
const TURBO = '/v8/artifacts'
const WEBDAV = '/webdav'

const PLAIN: Readonly<Record<string, AdminKind | OperationsKind | 'token'>> = {
  '/': 'page',
  '/healthz': 'health',
  '/metrics': 'metrics',
  '/readyz': 'ready',
  '/style.css': 'style',
  [PATHS.divergences]: 'divergences',
  [PATHS.purge]: 'purge',
  [PATHS.quarantine]: 'quarantine',
  [PATHS.status]: 'status',
  [PATHS.token]: 'token',
}

/**
 * Reads the target of a request. Nothing is decoded: a name with `%` in it is a name that nobody writes. Doubled slashes
 * count as one, because clients put a path behind a base that ends with one.
 */
export function routeOf(target: string): Route {
  const query = target.indexOf('?')
  let path = query < 0 ? target : target.slice(0, query)
  if (path.includes('//')) path = path.replace(/\/{2,}/gu, '/')
  if (!path.startsWith(BASE)) return routeBelow(path, undefined)
  const end = path.indexOf('/', BASE.length)
  const workspace = path.slice(BASE.length, end < 0 ? undefined : end)
  return end < 0 || !WORKSPACE.test(workspace)
    ? { kind: 'nothing', workspace: undefined }
    : routeBelow(path.slice(end), workspace)
}

/** The text after `?`, empty when there is none. */
export function queryOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? '' : target.slice(query + 1)
}

function routeBelow(path: string, workspace: string | undefined): Route {
  if (path.startsWith(NX)) return named('nx', path.slice(NX.length), workspace)
  if (path.startsWith(TURBO)) return turboRoute(path.slice(TURBO.length), workspace)
  if (path === WEBDAV || path.startsWith(`${WEBDAV}/`)) {
    return { kind: 'webdav', path: path.slice(WEBDAV.length), workspace }
  }
  const kind = Object.hasOwn(PLAIN, path) ? PLAIN[path] : undefined
  return kind === undefined ? { kind: 'nothing', workspace } : { kind, workspace }
}

function turboRoute(rest: string, workspace: string | undefined): Route {
  switch (rest) {
    case '':
    case '/':
      return { kind: 'turbo', what: 'query', workspace }
    case '/status':
      return { kind: 'turbo', what: 'status', workspace }
    case '/events':
      return { kind: 'turbo', what: 'events', workspace }
    default:
      return rest.startsWith('/') ? named('turbo', rest.slice(1), workspace) : { kind: 'nothing', workspace }
  }
}

function named(tool: 'nx' | 'turbo', hash: string, workspace: string | undefined): Route {
  return HASH.test(hash) ? { kind: 'artifact', tool, hash, workspace } : { kind: 'misnamed', tool, workspace }
}
