import { createHash, timingSafeEqual } from 'node:crypto'

/** Headers between the listener in Nx's process and the shield. */
export const INNER = {
  /** The run that asks. */
  run: 'x-shield-run',
  /** An `Outcome` word. */
  outcome: 'x-shield-outcome',
  /** Why, for `fault`, `denied` and `dropped`. */
  reason: 'x-shield-reason',
  /** The file that holds the body, for whoever reads it to remove. */
  file: 'x-shield-file',
  size: 'x-shield-size',
} as const

/** Requests of the listener and of `cache status`. */
export const INNER_PATHS = { run: '/shield/run', flush: '/shield/flush', status: '/shield/status' } as const

/** What became of one request of Nx. */
export type Outcome = 'accepted' | 'denied' | 'dropped' | 'fault' | 'hit' | 'miss' | 'not asked'

/** Whether a text is the secret one. Takes as long for a wrong text as for a right one. */
export function isSame(text: string, secret: string): boolean {
  return timingSafeEqual(digest(text), digest(secret))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** A page in a browser can reach loop-back under a name of its own; this server has one name. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`
}

/** The hash in the path of a request for an artifact, also with doubled slashes; `undefined` for another path. */
export function hashIn(path: string): string | undefined {
  return /^\/+v1\/+cache\/+([A-Za-z0-9_-]{1,128})$/u.exec(path.split('?', 1)[0] ?? '')?.[1]
}
