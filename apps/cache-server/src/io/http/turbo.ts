import { HASH, HEADERS } from '@interlock/cache/wire'
import { PREFLIGHT, queryRequest, teamOf } from '../../core/http/turbo.ts'
import { queryOf, type Route } from '../../core/http/route.ts'
import { durationHeader, tagHeader } from '../../core/http/upload.ts'
import type { Grant } from '../../core/access.ts'
import { acceptArtifact } from './accept.ts'
import { type Call, refuse, sendJson, sendText } from './answer.ts'
import { authorize } from './authorize.ts'
import { drain, smallText } from './body.ts'
import { findArtifact } from './lookup.ts'
import type { Parts } from './parts.ts'
import { serveArtifact } from './serve.ts'

export type TurboRoute = Extract<Route, { kind: 'artifact' | 'misnamed' | 'turbo' }>

/** Turborepo's header for its own signature over an artifact: kept and returned, never judged here. */
const TAG = 'x-artifact-tag'
const MAX_QUERY_BYTES = 256 * 1024

/** Version 8 of Turborepo's protocol, on the same entries, scopes and rules. It tolerates true statuses. */
export async function answerTurbo(parts: Parts, given: Call, route: TurboRoute): Promise<void> {
  const call: Call = { ...given, strict: true }
  const { request } = call
  if (request.method === 'OPTIONS') return sendText(call, 200, { text: '', headers: PREFLIGHT })
  const grant = await grantOf(parts, call, route.workspace)
  if (grant === undefined) return
  if (route.kind === 'artifact') return artifact(parts, call, { grant, hash: route.hash })
  if (route.kind === 'misnamed') return refuse(call, { operation: 'get', reason: 'bad-request', limits: parts.limits.drain })
  switch (`${request.method} ${route.what}`) {
    case 'GET status':
      return sendJson(call, 200, { value: { status: 'enabled' } })
    case 'POST events':
      await drain(request, parts.limits.drain)
      return sendJson(call, 200, { value: {} })
    case 'POST query':
      return query(parts, call, grant)
    default:
      return sendText(call, 405, { text: 'the method does not belong to this path' })
  }
}

async function grantOf(parts: Parts, call: Call, workspace: string | undefined): Promise<Grant | undefined> {
  const { request } = call
  const operation = request.method === 'PUT' ? 'put' : 'get'
  const { drain: limits } = parts.limits
  const team = teamOf(queryOf(request.url ?? ''))
  if (team.kind === 'conflict' || (workspace !== undefined && team.workspace !== undefined && team.workspace !== workspace)) {
    await refuse(call, { operation, reason: 'forbidden', detail: 'the path, slug and teamId name different workspaces', limits })
    return undefined
  }
  const authorized = await authorize(parts, request.headers.authorization, workspace ?? team.workspace)
  if (authorized.kind === 'granted') return authorized.grant
  await refuse(call, { operation, reason: authorized.reason, limits })
  return undefined
}

interface Named {
  readonly grant: Grant
  readonly hash: string
}

async function artifact(parts: Parts, call: Call, { grant, hash }: Named): Promise<void> {
  const { drain: limits } = parts.limits
  switch (call.request.method ?? '') {
    case 'GET':
    case 'HEAD': {
      const served = await serveArtifact(parts, call, { grant, tool: 'turbo', hash })
      return served.kind === 'served' ? undefined : refuse(call, { operation: 'get', reason: served.reason, limits })
    }
    case 'PUT':
      return put(parts, call, { grant, hash })
    default:
      return sendText(call, 405, { text: 'GET, HEAD or PUT', headers: { allow: 'GET, HEAD, PUT, OPTIONS' } })
  }
}

async function put(parts: Parts, call: Call, { grant, hash }: Named): Promise<void> {
  const { headers } = call.request
  const kept = { [HEADERS.duration]: durationHeader(headers[HEADERS.duration]), [TAG]: tagHeader(headers[TAG]) }
  const accepted = await acceptArtifact(parts, call, {
    grant,
    tool: 'turbo',
    hash,
    headers: Object.fromEntries(Object.entries(kept).filter((pair): pair is [string, string] => pair[1] !== undefined)),
  })
  switch (accepted.kind) {
    case 'stored':
      return sendJson(call, 202, { value: { urls: [] } })
    case 'refused':
      return refuse(call, { operation: 'put', reason: accepted.reason, detail: accepted.detail, limits: parts.limits.drain })
    case 'broken':
      call.request.destroy()
  }
}

/** Which of some hashes are there, by their rows. */
async function query(parts: Parts, call: Call, grant: Grant): Promise<void> {
  const text = await smallText(call.request, { ...parts.limits.drain, bytes: MAX_QUERY_BYTES })
  const parsed = queryRequest.safeParse(jsonOf(text))
  if (!parsed.success) {
    return refuse(call, {
      operation: 'put',
      reason: 'bad-request',
      detail: 'the body has to be {"hashes": […]}',
      limits: parts.limits.drain,
    })
  }
  const found: Record<string, unknown> = Object.create(null)
  for (const hash of new Set(parsed.data.hashes)) {
    const looked = HASH.test(hash) ? await findArtifact(parts, { grant, tool: 'turbo', hash }) : undefined
    if (looked?.kind !== 'found') {
      found[hash] = null
      continue
    }
    const { size, headers = {} } = looked.found
    found[hash] = {
      size,
      taskDurationMs: Number(headers[HEADERS.duration] ?? 0),
      ...(headers[TAG] === undefined ? {} : { tag: headers[TAG] }),
    }
  }
  sendJson(call, 200, { value: found })
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
