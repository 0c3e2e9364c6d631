import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEADERS, type Reason } from '@interlock/cache/wire'
import { type Operation, refusalOf } from '../../core/http/refusal.ts'
import { drain, type DrainLimits } from './body.ts'

/** One request and its answer. */
export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Whether the client can bear the true status. */
  readonly strict: boolean
}

/** Nx compares this with `===`: no charset may follow. */
const TEXT = 'text/plain'

/** How long a client may go on sending after an answer that did not wait for all of its body. */
const LINGER_MILLISECONDS = 2000

type HeaderLines = Readonly<Record<string, string | number>>

export function sendText(
  { request, response }: Call,
  status: number,
  { text, headers }: { text: string; headers?: HeaderLines },
): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from(text === '' ? '' : `${text}\n`)
  response.writeHead(status, { 'content-type': TEXT, 'content-length': body.length, ...headers })
  response.end(request.method === 'HEAD' ? undefined : body)
}

export function sendJson(
  { request, response }: Call,
  status: number,
  { value, headers }: { value: unknown; headers?: HeaderLines },
): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from(`${JSON.stringify(value)}\n`)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

export interface RefusalOptions {
  readonly operation: Operation
  readonly reason: Reason
  readonly detail?: string | undefined
  readonly limits: DrainLimits
  /** Whether trying again would not help. */
  readonly isLasting?: boolean
}

/** Says no: the body is read first, within bounds, because a client that is still sending may lose the answer. */
export async function refuse(
  call: Call,
  { operation, reason, detail, limits, isLasting = false }: RefusalOptions,
): Promise<void> {
  const whole = await drain(call.request, limits)
  const { status, retryAfter } = refusalOf(operation, reason, call.strict ? 'strict' : isLasting ? 'given-up' : 'nx')
  sendText(call, status, {
    text: detail ?? SAID[reason],
    headers: {
      [HEADERS.reason]: reason,
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(whole ? {} : { connection: 'close' }),
    },
  })
}

/** Reads on for a moment after an answer that did not wait for all of the body, then ends the connection. */
export function lingerOn({ request }: Call): void {
  const { socket } = request
  request.resume()
  const timer = setTimeout(() => (request.complete ? undefined : socket.destroy()), LINGER_MILLISECONDS)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
}

const SAID: Readonly<Record<Reason, string>> = {
  absent: 'there is no such artifact',
  'bad-request': 'the request cannot be understood',
  damaged: 'the bytes are not the ones that were announced',
  draining: 'this server is about to end',
  duplicate: 'there is an artifact with this hash already',
  expired: 'the token is too old',
  fault: 'the store does not answer',
  forbidden: 'this token does not allow it',
  'no-space': 'the store is full',
  overload: 'too many requests are waiting',
  quarantined: 'this artifact is in quarantine',
  quota: 'the share of this scope is used up',
  'too-large': 'the artifact is too large',
  'unknown-token': 'this token is not known here',
  'unsafe-artifact': 'the artifact holds what could harm who unpacks it',
}
