import { type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Readable } from 'node:stream'
import { Fault, faultOf } from '../core/fault.ts'
import { type Agents, proxyHeaders } from './agents.ts'

/** Bounds of one request, in milliseconds. */
export interface Bounds {
  readonly connect: number
  /** From the end of the request to the head of the answer. */
  readonly firstByte: number
  /** While bytes flow in either direction. */
  readonly stall: number
}

/** What nobody waits longer for than this. */
export const BOUNDS: Bounds = { connect: 2000, firstByte: 5000, stall: 10_000 }

export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly headers: OutgoingHttpHeaders
  /** Makes the body anew for every attempt. Its length is in `headers`. */
  readonly body?: () => Readable | Buffer
  readonly bounds?: Bounds
  /** Gives the request up, as long as nothing of an answer is here. */
  readonly signal?: AbortSignal
}

const MOST_REDIRECTS = 5
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308]

/**
 * Sends a request and resolves with the head of the answer; its body has to be read or destroyed. Redirects are followed,
 * without the credential to another origin, and never from https to http.
 *
 * @throws Fault
 */
export async function send(agents: Agents, target: URL, asked: Asked): Promise<IncomingMessage> {
  let url = target
  let { headers } = asked
  for (let redirects = 0; ; redirects += 1) {
    const response = await sendOnce(agents, url, { ...asked, headers })
    const { location } = response.headers
    if (!REDIRECTS.includes(response.statusCode) || location === undefined) return response
    response.resume()
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined
    if (
      next === undefined ||
      !isAllowed(asked.method, response.statusCode, { from: url, to: next }) ||
      redirects === MOST_REDIRECTS
    )
      throw new Fault('unexpected answer', `redirect ${response.statusCode}`)
    if (next.origin !== url.origin) headers = withoutCredential(headers)
    url = next
  }
}

function isAllowed(method: string, status: number | undefined, { from, to }: { readonly from: URL; readonly to: URL }): boolean {
  if (to.protocol !== 'https:' && !(to.protocol === 'http:' && from.protocol === 'http:')) return false
  // What is posted is an identity token, or the order of an administrator.
  if (method === 'POST' && to.origin !== from.origin) return false
  return method === 'GET' || status === 307 || status === 308
}

function withoutCredential(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie)$/iu.test(name)))
}

/** A kept connection may be closed by the other side at the very moment it is used: then one more attempt on a new one. */
async function sendOnce(agents: Agents, target: URL, asked: Asked): Promise<IncomingMessage> {
  const first = await attempt(agents, target, asked)
  if (!('fault' in first)) return first.response
  if (!first.onKeptConnection || asked.signal?.aborted === true) throw first.fault
  const second = await attempt(agents, target, asked)
  if ('fault' in second) throw second.fault
  return second.response
}

type Attempt = { readonly response: IncomingMessage } | { readonly fault: Fault; readonly onKeptConnection: boolean }

async function attempt(agents: Agents, target: URL, { method, headers, body, bounds = BOUNDS, signal }: Asked): Promise<Attempt> {
  const proxy = agents.plainProxy(target)
  const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(proxy ?? target, {
    method,
    agent: agents.agentFor(target),
    headers: { ...headers, ...(proxy === undefined ? {} : { host: target.host, ...proxyHeaders(proxy) }) },
    ...(proxy === undefined ? {} : { path: target.href }),
  })
  const giveUp = (): void => void request.destroy(new Fault('given up'))
  signal?.addEventListener('abort', giveUp)
  const timers = watch(request, bounds)
  return new Promise((resolve) => {
    request.once('response', (response) => {
      timers.stop()
      signal?.removeEventListener('abort', giveUp)
      // From here on who reads the body watches it; this ends a body that nobody wants.
      request.setTimeout(2 * bounds.stall)
      resolve({ response })
    })
    request.on('error', (error) => {
      timers.stop()
      signal?.removeEventListener('abort', giveUp)
      const fault = faultOf(error)
      resolve({ fault, onKeptConnection: request.reusedSocket && fault.kind === 'connection reset' })
    })
    const bytes = body?.()
    if (bytes === undefined || Buffer.isBuffer(bytes)) request.end(bytes)
    else bytes.once('error', (error) => request.destroy(error)).pipe(request)
  })
}

function watch(request: ReturnType<typeof httpRequest>, { connect, firstByte, stall }: Bounds): { readonly stop: () => void } {
  let timer: NodeJS.Timeout
  const within = (milliseconds: number, kind: 'connection timed out' | 'no answer in time'): void => {
    clearTimeout(timer)
    timer = setTimeout(() => request.destroy(new Fault(kind, `${milliseconds} ms`)), milliseconds)
  }
  const connected = (): void => {
    clearTimeout(timer)
    if (request.writableFinished) within(firstByte, 'no answer in time')
    else request.once('finish', () => within(firstByte, 'no answer in time'))
  }
  within(connect, 'connection timed out')
  request.setTimeout(stall, () => request.destroy(new Fault('answer stalled', `${stall} ms`)))
  request.once('socket', (socket) => {
    socket.setNoDelay(true)
    if (!socket.connecting && !isHandshaking(socket)) connected()
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected)
  })
  return { stop: () => clearTimeout(timer) }
}

function isHandshaking(socket: object): boolean {
  return 'secureConnecting' in socket && socket.secureConnecting === true
}
