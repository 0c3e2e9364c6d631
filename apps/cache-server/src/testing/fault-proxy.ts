import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

/** What happens to one request instead of what would. */
export type Fault =
  /** The connection is reset before anything reaches the server. */
  | { readonly kind: 'reset' }
  /** The server does what it is asked for, and its answer is lost. */
  | { readonly kind: 'lost-answer' }
  /** Nothing reaches the server, and no answer comes. */
  | { readonly kind: 'hang' }
  /** Nothing reaches the server; this is the answer, as S3 words it. */
  | { readonly kind: 'answer'; readonly status: number; readonly code: string }
  /** The connection ends after so many bytes of the body, whatever length was announced. */
  | { readonly kind: 'truncate'; readonly at: number }
  /** No byte comes any more after so many of the body. */
  | { readonly kind: 'stall'; readonly at: number }
  /** So many bytes of the body come every 20 milliseconds. */
  | { readonly kind: 'slow'; readonly bytes: number }

export interface Passed {
  readonly method: string
  /** Path and query, decoded. */
  readonly path: string
  /** Of which request of that method and path this is, from 1. */
  readonly attempt: number
}

/** An HTTP proxy that harms what passes. What it does not harm it passes on as it is: signatures stay valid. */
export interface FaultProxy {
  readonly url: string
  /** Asked for every request from now on. */
  inject: (passed: Passed) => Fault | undefined
  /** A header that the server behind it is made not to know; only one that checks no signatures can be. */
  withhold: (passed: Passed) => string | undefined
  /** What has passed since the start. */
  readonly passed: readonly Passed[]
  readonly stop: () => Promise<void>
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const passed: Passed[] = []
  const server = createServer((incoming, answer) => {
    const [method, path] = [incoming.method ?? '', decodeURIComponent(incoming.url ?? '')]
    const attempt = passed.filter((earlier) => earlier.method === method && earlier.path === path).length + 1
    const current = { attempt, method, path }
    passed.push(current)
    handle({ answer, fault: proxy.inject(current), incoming, target, withheld: proxy.withhold(current) }).catch(() =>
      incoming.socket.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FaultProxy = {
    inject: () => undefined,
    passed,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    withhold: () => undefined,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly answer: ServerResponse
  readonly target: string
  readonly fault: Fault | undefined
  readonly withheld: string | undefined
}

async function handle(exchange: Exchange): Promise<void> {
  const { answer, fault, incoming } = exchange
  if (fault?.kind === 'reset') return incoming.socket.resetAndDestroy() && undefined
  const body = await buffer(incoming)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'answer') {
    const text = `<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>injected</Message></Error>`
    answer.writeHead(fault.status, { 'content-length': text.length, 'content-type': 'application/xml' }).end(text)
    return
  }
  const { head, bytes } = await forward(exchange, body)
  if (fault?.kind === 'lost-answer') {
    incoming.socket.resetAndDestroy()
    return
  }
  answer.writeHead(head.statusCode ?? 502, head.rawHeaders)
  if (fault === undefined) answer.end(bytes)
  else await harm(answer, bytes, fault)
}

async function forward(
  { incoming, target, withheld }: Exchange,
  body: Buffer,
): Promise<{ head: IncomingMessage; bytes: Buffer }> {
  const head = await new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(target)
    const headers = Object.entries(incoming.headers).filter(([name]) => name !== withheld)
    const options = { headers: Object.fromEntries(headers), hostname, method: incoming.method, path: incoming.url, port }
    request(options, resolve).once('error', reject).end(body)
  })
  return { bytes: await buffer(head), head }
}

async function harm(answer: ServerResponse, bytes: Buffer, fault: Fault): Promise<void> {
  if (fault.kind === 'slow') {
    for (let at = 0; at < bytes.length && !answer.destroyed; at += fault.bytes) {
      answer.write(bytes.subarray(at, at + fault.bytes))
      await delay(20)
    }
    answer.end()
    return
  }
  const at = fault.kind === 'truncate' || fault.kind === 'stall' ? fault.at : bytes.length
  answer.flushHeaders()
  await new Promise((resolve) => answer.write(bytes.subarray(0, at), resolve))
  if (fault.kind === 'truncate') {
    // Let what was written go out before the end.
    await delay(20)
    answer.socket?.destroy()
  }
}
