import { refusalOf } from '../../core/http/refusal.ts'
import { routeOf } from '../../core/http/route.ts'
import { answerAdmin } from './admin.ts'
import { type Call, refuse, sendText } from './answer.ts'
import { answerNx } from './nx.ts'
import { answerOperations, type OperationsParts } from './operations.ts'
import type { Parts } from './parts.ts'
import { answerToken } from './token.ts'
import { answerTurbo } from './turbo.ts'
import { answerWebdav } from './webdav.ts'

/** Gives a request to who answers it. */
export async function dispatch(parts: Parts & OperationsParts, call: Call): Promise<void> {
  const route = routeOf(call.request.url ?? '')
  switch (route.kind) {
    case 'artifact':
      return route.tool === 'nx' ? answerNx(parts, call, route) : answerTurbo(parts, call, route)
    case 'misnamed':
      return route.tool === 'turbo' ? answerTurbo(parts, call, route) : misnamed(parts, call)
    case 'turbo':
      return answerTurbo(parts, call, route)
    case 'webdav':
      return answerWebdav(parts, call, route)
    case 'token':
      return answerToken(parts, call)
    case 'divergences':
    case 'purge':
    case 'quarantine':
      return answerAdmin(parts, call, route)
    case 'health':
    case 'metrics':
    case 'page':
    case 'ready':
    case 'status':
    case 'style':
      return answerOperations(parts, call, route.kind)
    case 'nothing':
      return sendText(call, 404, { text: 'there is nothing here' })
  }
}

/** The answer to a request that met a defect of ours: what costs the run of the client the least. Half an answer is cut off. */
export function answerDefect(call: Call): void {
  const { response } = call
  if (response.headersSent && !response.writableEnded) response.destroy()
  const operation = call.request.method === 'PUT' || call.request.method === 'POST' ? 'put' : 'get'
  sendText(call, refusalOf(operation, 'fault', call.strict ? 'strict' : 'nx').status, { text: 'this is a defect of the server' })
}

async function misnamed(parts: Parts, call: Call): Promise<void> {
  const operation = call.request.method === 'PUT' ? 'put' : 'get'
  return refuse(call, { operation, reason: 'bad-request', detail: 'this is no hash', limits: parts.limits.drain })
}
