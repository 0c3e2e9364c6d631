import type { Grant } from '../../core/access.ts'
import { type WebdavPlace, multistatus, webdavPlace } from '../../core/http/webdav.ts'
import { acceptArtifact } from './accept.ts'
import { type Call, refuse, sendText } from './answer.ts'
import { authorize } from './authorize.ts'
import { drain } from './body.ts'
import { findArtifact } from './lookup.ts'
import type { Parts } from './parts.ts'
import { serveArtifact } from './serve.ts'

interface WebdavRequest {
  readonly workspace: string | undefined
  /** What follows `/webdav`. */
  readonly path: string
}

const WRITING = new Set(['PUT', 'MKCOL', 'DELETE', 'MOVE', 'COPY', 'PROPPATCH'])

/**
 * As much WebDAV as sccache needs, on the same entries, scopes and rules. A name that is taken stays as it is, and the
 * answer says that all went well: sccache stops writing after a refusal.
 */
export async function answerWebdav(parts: Parts, given: Call, { workspace, path }: WebdavRequest): Promise<void> {
  const call: Call = { ...given, strict: true }
  const { request } = call
  const operation = WRITING.has(request.method ?? '') ? 'put' : 'get'
  const { drain: limits } = parts.limits
  const authorized = await authorize(parts, request.headers.authorization, workspace)
  if (authorized.kind === 'refused') return refuse(call, { operation, reason: authorized.reason, limits })
  const { grant } = authorized
  const place = webdavPlace(path)
  if (place.kind === 'misnamed') return refuse(call, { operation, reason: 'bad-request', limits })
  switch (request.method ?? '') {
    case 'OPTIONS':
      return sendText(call, 200, { text: '', headers: { dav: '1', allow: 'GET, HEAD, MKCOL, OPTIONS, PROPFIND, PUT' } })
    case 'PROPFIND':
      return propfind(parts, call, { grant, place })
    case 'MKCOL':
      await drain(request, limits)
      return sendText(call, 201, { text: '' })
    case 'GET':
    case 'HEAD':
      return get(parts, call, { grant, place })
    case 'PUT':
      return put(parts, call, { grant, place })
    default:
      return refuse(call, { operation: 'put', reason: 'forbidden', limits })
  }
}

interface Placed {
  readonly grant: Grant
  readonly place: Exclude<WebdavPlace, { kind: 'misnamed' }>
}

async function propfind(parts: Parts, call: Call, { grant, place }: Placed): Promise<void> {
  const { request } = call
  await drain(request, parts.limits.drain)
  const href = (request.url ?? '').split('?', 1)[0] ?? ''
  if (place.kind === 'collection') return multi(call, multistatus(href, undefined))
  const looked = await findArtifact(parts, { grant, tool: 'sccache', hash: place.hash })
  if (looked.kind === 'absent') {
    return refuse(call, { operation: 'get', reason: looked.reason, limits: parts.limits.drain })
  }
  const { size, created } = looked.found
  multi(call, multistatus(href, { size, modified: new Date(created).toUTCString() }))
}

function multi(call: Call, body: string): void {
  sendText(call, 207, { text: body.trimEnd(), headers: { 'content-type': 'application/xml; charset=utf-8' } })
}

async function get(parts: Parts, call: Call, { grant, place }: Placed): Promise<void> {
  const { drain: limits } = parts.limits
  if (place.kind === 'collection') return refuse(call, { operation: 'get', reason: 'absent', limits })
  const served = await serveArtifact(parts, call, { grant, tool: 'sccache', hash: place.hash })
  if (served.kind === 'refused') return refuse(call, { operation: 'get', reason: served.reason, limits })
}

async function put(parts: Parts, call: Call, { grant, place }: Placed): Promise<void> {
  const { drain: limits } = parts.limits
  if (place.kind === 'collection') return refuse(call, { operation: 'put', reason: 'bad-request', limits })
  const accepted = await acceptArtifact(parts, call, { grant, tool: 'sccache', hash: place.hash, headers: {} })
  switch (accepted.kind) {
    case 'stored':
      return sendText(call, 201, { text: '' })
    case 'broken':
      call.request.destroy()
      return
    case 'refused': {
      if (accepted.reason !== 'duplicate') return refuse(call, { operation: 'put', ...accepted, limits })
      const whole = await drain(call.request, limits)
      sendText(call, 200, { text: '', ...(whole ? {} : { headers: { connection: 'close' } }) })
    }
  }
}
