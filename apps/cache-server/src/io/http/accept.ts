import { HEADERS, type Reason } from '@interlock/cache/wire'
import type { Grant } from '../../core/access.ts'
import type { Entry, Tool } from '../../core/entry.ts'
import { declaredLength } from '../../core/http/upload.ts'
import { scopeClassOf } from '../../core/scope.ts'
import { type Staging, StoreFault } from '../store.ts'
import type { Call } from './answer.ts'
import { isBlocked } from './blocked.ts'
import { receive } from './body.ts'
import type { Result } from './metrics.ts'
import type { Parts } from './parts.ts'

/** How a PUT ended. Nothing of what is refused can ever be read; there is no answer yet. */
export type Accepted =
  | { readonly kind: 'stored'; readonly entry: Entry }
  | { readonly kind: 'refused'; readonly reason: Reason; readonly detail?: string }
  /** The client is gone. */
  | { readonly kind: 'broken' }

export interface Offer {
  readonly grant: Grant
  readonly tool: Tool
  readonly hash: string
  /** What goes back with the artifact. */
  readonly headers: Readonly<Record<string, string>>
}

interface Sized extends Offer {
  readonly scope: string
  readonly size: number
  /** Hex SHA-256 that the client says the body has; absent where it says none. */
  readonly announced: string | undefined
}

/** Takes the artifact of a PUT, from the first byte to the line in the audit. */
export async function acceptArtifact(parts: Parts, call: Call, offer: Offer): Promise<Accepted> {
  const begin = performance.now()
  const accepted = await judged(parts, call, offer)
  const { write } = offer.grant
  parts.metrics.observe({
    tool: offer.tool,
    op: 'put',
    result: resultOf(accepted),
    scopeClass: (write === undefined ? undefined : scopeClassOf(write)) ?? 'none',
    seconds: (performance.now() - begin) / 1000,
  })
  return accepted
}

/** What can be said before a byte of the body was read. */
async function judged(parts: Parts, call: Call, offer: Offer): Promise<Accepted> {
  const { write: scope, workspace } = offer.grant
  if (scope === undefined || parts.limits.readOnly) {
    // No line in the audit: Nx offers every result of a reader, and there is nothing to learn from it.
    parts.metrics.denied('forbidden')
    return refused('forbidden')
  }
  if (parts.closing()) return refused('draining')
  const { headers } = call.request
  const length = declaredLength(headers['content-length'])
  if (length.kind !== 'bytes') return refused('bad-request', 'the length of the body has to be announced in Content-Length')
  if (length.size > parts.limits.artifact) return refused('too-large')
  try {
    const { tool, hash } = offer
    if ((await parts.store.find({ workspace, tool, scope, hash })) !== undefined) return refused('duplicate')
    return await inTurn(parts, call, {
      ...offer,
      scope,
      size: length.size,
      announced: headers[HEADERS.digest]?.toString().toLowerCase(),
    })
  } catch (error) {
    return faultOf(parts, error)
  }
}

async function inTurn(parts: Parts, call: Call, offer: Sized): Promise<Accepted> {
  const entering = parts.gates.put.enter()
  if (!(entering === true || (await entering))) return refused('overload')
  try {
    const admission = await parts.guard.admit({ workspace: offer.grant.workspace, scope: offer.scope, size: offer.size })
    if (admission.kind === 'refused') return refused(admission.reason)
    try {
      return await staged(parts, call, offer)
    } finally {
      admission.release()
    }
  } finally {
    parts.gates.put.leave()
  }
}

async function staged(parts: Parts, call: Call, offer: Sized): Promise<Accepted> {
  const staging = await parts.store.stage(offer.size)
  try {
    const taken = await take(parts, call, staging)
    return taken ?? (await published(parts, staging, offer))
  } finally {
    await staging.discard()
  }
}

/** Receives the body; says why not, or nothing when it is whole. */
async function take(parts: Parts, { request }: Call, staging: Staging): Promise<Accepted | undefined> {
  const transfer = parts.stall.receiving(request.socket)
  const received = await receive(request, async (chunk) => {
    transfer.ours = true
    await staging.write(chunk)
    transfer.ours = false
  })
  transfer.end()
  if (received.kind === 'refused') throw received.error
  return received.kind === 'broken' ? { kind: 'broken' } : undefined
}

async function published(parts: Parts, staging: Staging, offer: Sized): Promise<Accepted> {
  const { tool, hash, scope, grant, headers } = offer
  const { size, digest } = await staging.finish()
  if (size !== offer.size) return refused('bad-request', `${offer.size} bytes were announced, and ${size} came`)
  if (offer.announced !== undefined && offer.announced !== digest)
    return refused('damaged', `the bytes are not those that ${HEADERS.digest} announces`)
  if (await isBlocked(parts.store, grant.workspace, digest)) return deny(parts, offer, { reason: 'forbidden', digest })
  const inspection = await parts.guard.inspect(tool, staging)
  if (inspection.kind === 'unsafe') return deny(parts, offer, { reason: 'unsafe-artifact', digest, problem: inspection.problem })
  const entry = parts.signatures.signed({
    workspace: grant.workspace,
    tool,
    scope,
    hash,
    digest,
    size,
    created: parts.now(),
    writer: grant.writer,
    state: 'live',
    ...(inspection.kind === 'safe' && inspection.content !== undefined ? { content: inspection.content } : {}),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  })
  if ((await parts.store.publish(staging, entry)) === 'exists') return refused('duplicate')
  // A purge that blocked these bytes while they were looked into may have gone through the rows before this one was there.
  if (await isBlocked(parts.store, grant.workspace, digest)) {
    await parts.store.remove([entry])
    return deny(parts, offer, { reason: 'forbidden', digest })
  }
  parts.outage.worked()
  parts.metrics.moved('in', size)
  parts.guard.published(entry)
  await parts.audit.append({
    kind: 'put',
    workspace: grant.workspace,
    detail: { tool, scope, hash, digest, size, rule: grant.rule, ...grant.writer, inspected: inspection.kind === 'safe' },
  })
  return { kind: 'stored', entry }
}

function refused(reason: Reason, detail?: string): Accepted {
  return { kind: 'refused', reason, ...(detail === undefined ? {} : { detail }) }
}

/** Refuses bytes that somebody meant to get in and must not: that is written down for good. */
async function deny(
  parts: Parts,
  { grant, tool, hash }: Offer,
  detail: { readonly reason: 'forbidden' | 'unsafe-artifact'; readonly digest: string; readonly problem?: string },
): Promise<Accepted> {
  await parts.audit.append({
    kind: 'deny',
    workspace: grant.workspace,
    detail: { tool, hash, scope: grant.write ?? '', rule: grant.rule, ...grant.writer, ...detail },
  })
  return refused(detail.reason, detail.problem)
}

function faultOf(parts: Parts, error: unknown): Accepted {
  if (!(error instanceof StoreFault)) throw error
  if (error.reason === 'unavailable') parts.outage.failed()
  parts.log.error({ reason: error.reason, message: error.message }, 'the store failed while an artifact was written')
  return refused(error.reason === 'full' ? 'no-space' : 'fault')
}

const RESULTS: Readonly<Partial<Record<Reason, Result>>> = {
  duplicate: 'duplicate',
  fault: 'fault',
  forbidden: 'denied',
  'unsafe-artifact': 'denied',
}

function resultOf(accepted: Accepted): Result {
  if (accepted.kind === 'stored') return 'stored'
  return (accepted.kind === 'refused' ? RESULTS[accepted.reason] : undefined) ?? 'refused'
}
