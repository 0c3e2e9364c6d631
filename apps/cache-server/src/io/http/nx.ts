import { HEADERS } from '@interlock/cache/wire'
import { durationHeader } from '../../core/http/upload.ts'
import { acceptArtifact } from './accept.ts'
import { type Call, refuse, sendText } from './answer.ts'
import { authorize } from './authorize.ts'
import type { Parts } from './parts.ts'
import { serveArtifact } from './serve.ts'

/** Where a request of Nx is about. */
export interface NxPlace {
  readonly workspace: string | undefined
  readonly hash: string
}

const PUT_ONLY_200 = 200

/** Nx's own protocol, with the statuses that its client tolerates. */
export async function answerNx(parts: Parts, call: Call, place: NxPlace): Promise<void> {
  switch (call.request.method ?? '') {
    case 'GET':
    case 'HEAD':
      return get(parts, call, place)
    case 'PUT':
      return put(parts, call, place)
    default:
      sendText(call, 405, { text: 'GET, HEAD or PUT', headers: { allow: 'GET, HEAD, PUT' } })
  }
}

async function get(parts: Parts, call: Call, { workspace, hash }: NxPlace): Promise<void> {
  const { drain: limits } = parts.limits
  const authorized = await authorize(parts, call.request.headers.authorization, workspace)
  if (authorized.kind === 'refused') return refuse(call, { operation: 'get', reason: authorized.reason, limits })
  const served = await serveArtifact(parts, call, { grant: authorized.grant, tool: 'nx', hash })
  if (served.kind === 'refused') return refuse(call, { operation: 'get', reason: served.reason, limits })
}

async function put(parts: Parts, call: Call, { workspace, hash }: NxPlace): Promise<void> {
  const { drain: limits } = parts.limits
  const { headers } = call.request
  const authorized = await authorize(parts, headers.authorization, workspace)
  if (authorized.kind === 'refused') return refuse(call, { operation: 'put', reason: authorized.reason, limits })
  const duration = durationHeader(headers[HEADERS.duration])
  const accepted = await acceptArtifact(parts, call, {
    grant: authorized.grant,
    tool: 'nx',
    hash,
    headers: duration === undefined ? {} : { [HEADERS.duration]: duration },
  })
  switch (accepted.kind) {
    case 'stored':
      return sendText(call, PUT_ONLY_200, { text: '', headers: { [HEADERS.scope]: accepted.entry.scope } })
    case 'refused':
      return refuse(call, {
        operation: 'put',
        reason: accepted.reason,
        detail: accepted.detail,
        limits,
        isLasting: accepted.reason === 'fault' && parts.outage.isLasting(),
      })
    case 'broken':
      call.request.destroy()
  }
}
