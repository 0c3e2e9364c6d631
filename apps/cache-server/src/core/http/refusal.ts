import type { Reason } from '@interlock/cache/wire'

/** How a refusal is said to a client. */
export interface Refusal {
  readonly status: number
  /** Seconds after which it is worth asking again. */
  readonly retryAfter?: number
}

/**
 * What a client can bear: the true status, or only what Nx tolerates. It is `given-up` where trying again would not help,
 * because the store has been away for longer than Nx goes on trying.
 */
export type Client = 'given-up' | 'nx' | 'strict'

/** What a request wanted to do with an artifact. */
export type Operation = 'get' | 'put'

/**
 * The status for a reason.
 *
 * Nx fails a run on every answer to a GET that is neither 200 nor 404, and sends a PUT six times unless the answer is 200,
 * 403 or 409. So a fault that is nobody's business is a miss, and a refused artifact is forbidden, while a forged token
 * stays loud.
 */
export function refusalOf(operation: Operation, reason: Reason, client: Client): Refusal {
  if (client === 'given-up') return { status: operation === 'get' ? 404 : 403 }
  const honest = client === 'strict' ? (operation === 'get' ? STRICT_GET[reason] : STRICT_PUT[reason]) : undefined
  return honest ?? { status: operation === 'get' ? GET[reason] : PUT[reason] }
}

const GET: Readonly<Record<Reason, number>> = {
  absent: 404,
  'bad-request': 404,
  damaged: 404,
  draining: 404,
  duplicate: 404,
  expired: 404,
  fault: 404,
  forbidden: 403,
  'no-space': 404,
  overload: 404,
  quarantined: 404,
  quota: 404,
  'too-large': 404,
  'unknown-token': 401,
  'unsafe-artifact': 404,
}

const PUT: Readonly<Record<Reason, number>> = {
  absent: 403,
  'bad-request': 400,
  damaged: 400,
  draining: 403,
  duplicate: 409,
  expired: 403,
  fault: 500,
  forbidden: 403,
  'no-space': 403,
  overload: 403,
  quarantined: 403,
  quota: 403,
  'too-large': 403,
  'unknown-token': 401,
  'unsafe-artifact': 403,
}

const SOON = 5
const LATER = 60

const STRICT_GET: Readonly<Partial<Record<Reason, Refusal>>> = {
  draining: { status: 503, retryAfter: SOON },
  fault: { status: 503, retryAfter: SOON },
  overload: { status: 503, retryAfter: SOON },
}

const STRICT_PUT: Readonly<Partial<Record<Reason, Refusal>>> = {
  draining: { status: 503, retryAfter: SOON },
  fault: { status: 503, retryAfter: SOON },
  'no-space': { status: 503, retryAfter: LATER },
  overload: { status: 503, retryAfter: SOON },
  quota: { status: 429, retryAfter: LATER },
  'too-large': { status: 413 },
}
