import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HEADERS } from '@interlock/cache/wire'
import { InterlockError } from '@interlock/kit'
import { type Call, lingerOn } from './answer.ts'
import { answerDefect, dispatch } from './dispatch.ts'
import type { OperationsParts } from './operations.ts'
import type { Parts } from './parts.ts'

/** A server that listens. */
export interface Listening {
  readonly port: number
  /** Stops listening, lets what is in flight end, and destroys what has not ended after `patience` milliseconds. */
  readonly close: (patience: number) => Promise<{ readonly aborted: number }>
}

export interface Timeouts {
  /** A client's own pool keeps a connection for 90 s and would meet a closed one otherwise. */
  readonly keepAlive: number
  readonly headers: number
}

/** Several parts of the wire are ours to keep: the server answers before a body has ended, and closes what is stuck. */
export async function listen(
  parts: Parts & OperationsParts,
  { host, port, timeouts }: { readonly host: string; readonly port: number; readonly timeouts: Timeouts },
): Promise<Listening> {
  const inFlight = new Set<Call>()
  const server = createServer(
    {
      connectionsCheckingInterval: Math.min(1000, timeouts.headers),
      headersTimeout: timeouts.headers,
      keepAliveTimeout: timeouts.keepAlive,
      requestTimeout: 0,
    },
    (request, response) => void answer(parts, { request, response, inFlight }),
  )
  await bind(server, host, port)
  return {
    port: (server.address() as AddressInfo).port,
    close: async (patience) => close(server, inFlight, patience),
  }
}

async function answer(
  parts: Parts & OperationsParts,
  { request, response, inFlight }: { request: IncomingMessage; response: ServerResponse; inFlight: Set<Call> },
): Promise<void> {
  const call: Call = { request, response, strict: request.headers[HEADERS.strict] === '1' }
  inFlight.add(call)
  if (parts.draining()) response.shouldKeepAlive = false
  try {
    await dispatch(parts, call)
  } catch (error) {
    parts.log.error({ err: error, method: request.method }, 'a request met a defect')
    answerDefect(call)
  }
  inFlight.delete(call)
  if (!request.complete) lingerOn(call)
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unboundError(error, host, port)))
    server.listen({ host, port, backlog: 4096 }, resolve)
  })
}

function unboundError(cause: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (cause.code === 'EADDRINUSE') {
    return new InterlockError('CACHE_PORT_IN_USE', `port ${port} of ${host} is taken by another process`, {
      hint: 'end that process, or choose another port: --port 0 takes a free one',
      cause,
    })
  }
  return new InterlockError('CACHE_PORT_IN_USE', `port ${port} of ${host} cannot be used (${cause.code ?? cause.message})`, {
    hint: 'choose an address of this machine and a port that this user may open',
    cause,
  })
}

async function close(server: Server, inFlight: ReadonlySet<Call>, patience: number): Promise<{ readonly aborted: number }> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  let aborted = 0
  const timer = setTimeout(() => {
    aborted = inFlight.size
    server.closeAllConnections()
  }, patience)
  await closed
  clearTimeout(timer)
  return { aborted }
}
