import { HEADERS, type Reason } from '@interlock/cache/wire'
import type { Entry } from '../../core/entry.ts'
import { scopeClassOf } from '../../core/scope.ts'
import { StoreFault } from '../store.ts'
import type { Call } from './answer.ts'
import { findArtifact, openArtifact, type Opened, type Wanted } from './lookup.ts'
import type { Result } from './metrics.ts'
import type { Parts } from './parts.ts'
import { type Poured, pour, pourWhole } from './pour.ts'

/** How a request to read ended. What is refused has no answer yet: each tool has its own way to say it. */
export type Served = { readonly kind: 'served' } | { readonly kind: 'refused'; readonly reason: Reason }

interface Ended {
  readonly served: Served
  readonly result: Result
  readonly scope?: string
}

const SERVED: Served = { kind: 'served' }

/** Answers GET and HEAD with the artifact: all of its bytes, or a destroyed connection once the answer has begun. */
export async function serveArtifact(parts: Parts, call: Call, wanted: Wanted): Promise<Served> {
  const begin = performance.now()
  const { served, result, scope } = await inTurn(parts, call, wanted)
  parts.metrics.observe({
    tool: wanted.tool,
    op: 'get',
    result,
    scopeClass: (scope === undefined ? undefined : scopeClassOf(scope)) ?? 'none',
    seconds: (performance.now() - begin) / 1000,
  })
  return served
}

async function inTurn(parts: Parts, call: Call, wanted: Wanted): Promise<Ended> {
  if (parts.closing()) return { served: { kind: 'refused', reason: 'draining' }, result: 'refused' }
  const entering = parts.gates.get.enter()
  if (!(entering === true || (await entering))) return { served: { kind: 'refused', reason: 'overload' }, result: 'refused' }
  try {
    return await lookAndSend(parts, call, wanted)
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error
    parts.outage.failed()
    parts.log.error({ reason: error.reason, message: error.message }, 'the store failed while an artifact was looked for')
    return { served: { kind: 'refused', reason: 'fault' }, result: 'fault' }
  } finally {
    parts.gates.get.leave()
  }
}

async function lookAndSend(parts: Parts, call: Call, wanted: Wanted): Promise<Ended> {
  if (call.request.method === 'HEAD') {
    const looked = await findArtifact(parts, wanted)
    if (looked.kind === 'absent') return missed(looked.reason)
    writeHead(call, looked.found)
    call.response.end()
    return { served: SERVED, result: 'hit', scope: looked.found.scope }
  }
  const looked = await openArtifact(parts, wanted)
  if (looked.kind === 'absent') return missed(looked.reason)
  const { entry, body } = looked.found
  try {
    writeHead(call, entry)
  } catch (error) {
    if (!(body instanceof Uint8Array)) body.destroy()
    throw error
  }
  const poured = await send(parts, call, looked.found)
  if (poured === 'store-failed') parts.log.error({ digest: entry.digest }, 'the bytes of an artifact ended early')
  if (poured === 'whole') parts.metrics.moved('out', entry.size)
  return { served: SERVED, result: poured === 'store-failed' ? 'fault' : 'hit', scope: entry.scope }
}

function missed(reason: 'absent' | 'quarantined'): Ended {
  return { served: { kind: 'refused', reason }, result: reason === 'absent' ? 'miss' : 'quarantined' }
}

function writeHead({ response }: Call, entry: Entry): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': entry.size,
    [HEADERS.digest]: entry.digest,
    [HEADERS.scope]: entry.scope,
    ...(entry.signature === undefined ? undefined : { [HEADERS.signature]: entry.signature }),
    ...entry.headers,
  })
}

async function send(parts: Parts, { request, response }: Call, { entry, body }: Opened): Promise<Poured> {
  if (body instanceof Uint8Array) {
    const poured = pourWhole(body, response)
    return typeof poured === 'string' ? poured : watched(parts, request.socket, poured)
  }
  return watched(parts, request.socket, pour(body, response, entry.size))
}

async function watched(parts: Parts, socket: Call['request']['socket'], sending: Promise<Poured>): Promise<Poured> {
  const transfer = parts.stall.sending(socket)
  try {
    return await sending
  } finally {
    transfer.end()
  }
}
