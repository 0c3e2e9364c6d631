import { PAGE_HEADERS, STYLE, statusPage } from '../../core/http/page.ts'
import type { StatusReport } from '../../core/http/reports.ts'
import type { OperationsKind } from '../../core/http/route.ts'
import { StoreFault } from '../store.ts'
import { type Call, sendJson, sendText } from './answer.ts'
import type { Parts } from './parts.ts'

/** What the operations need beside the parts. */
export interface OperationsParts extends Pick<Parts, 'log' | 'metrics' | 'store'> {
  /** Whether load balancers should look elsewhere. */
  readonly draining: () => boolean
  readonly status: () => StatusReport
  readonly version: string
}

/** What people and machines that run the server ask. None of it names a workspace, a scope, a hash or a token. */
export async function answerOperations(parts: OperationsParts, call: Call, kind: OperationsKind): Promise<void> {
  const { method } = call.request
  if (method !== 'GET' && method !== 'HEAD') return sendText(call, 405, { text: 'GET or HEAD', headers: { allow: 'GET, HEAD' } })
  switch (kind) {
    case 'health':
      return sendText(call, 200, { text: 'ok' })
    case 'ready':
      return ready(parts, call)
    case 'metrics':
      return sendText(call, 200, {
        text: (await parts.metrics.exposition()).trimEnd(),
        headers: { 'content-type': parts.metrics.contentType },
      })
    case 'status':
      return sendJson(call, 200, { value: { version: parts.version, ...parts.status() } })
    case 'page':
      return sendText(call, 200, {
        text: statusPage(parts.status(), parts.version).trimEnd(),
        headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' },
      })
    case 'style':
      return sendText(call, 200, {
        text: STYLE.trimEnd(),
        headers: { 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' },
      })
  }
}

async function ready({ draining, log, store }: OperationsParts, call: Call): Promise<void> {
  if (draining()) return sendText(call, 503, { text: 'draining' })
  try {
    await store.probe()
    sendText(call, 200, { text: 'ready' })
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error
    log.error({ reason: error.reason, message: error.message }, 'the store does not answer its probe')
    sendText(call, 503, { text: `the store is ${error.reason}` })
  }
}
