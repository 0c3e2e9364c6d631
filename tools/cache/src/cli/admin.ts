import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { alignedRows, EXIT, InterlockError } from '@interlock/kit'
import { type AdminAnswer, readAdminAnswer, selectionOf } from '../core/admin.ts'
import { faultOf } from '../core/fault.ts'
import { bytesText } from '../core/run-summary.ts'
import { workspaceUrl } from '../core/settings.ts'
import { createAgents } from '../io/agents.ts'
import { ask, type Answer } from '../io/exchange.ts'
import { PATHS } from '../wire.ts'
import { settingsOf } from './settings.ts'

const SHOWN = 20

/** `interlock cache purge`: a dry run, unless `--yes` says otherwise. */
export async function runPurge(invocation: Invocation): Promise<Outcome> {
  const block = invocation.options['block'] === true
  return administer(invocation, { path: PATHS.purge, more: { block }, verb: block ? 'purge and block' : 'purge' })
}

/** `interlock cache quarantine`: a dry run, unless `--yes` says otherwise. */
export async function runQuarantine(invocation: Invocation): Promise<Outcome> {
  const release = invocation.options['release'] === true
  return administer(invocation, { path: PATHS.quarantine, more: { release }, verb: release ? 'release' : 'quarantine' })
}

interface Work {
  readonly path: string
  readonly more: object
  readonly verb: string
}

async function administer(invocation: Invocation, { path, more, verb }: Work): Promise<Outcome> {
  const dryRun = invocation.options['yes'] !== true
  const body = Buffer.from(JSON.stringify({ ...selectionOf(invocation.options), ...more, dryRun }))
  const settings = settingsOf(invocation)
  const token = adminToken(invocation)
  const agents = createAgents(settings.proxy)
  try {
    const answer = await ask(agents, `${workspaceUrl(settings.url, settings.workspace)}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': body.length },
      body: () => body,
      bounds: { connect: 2000, firstByte: 60_000, stall: 60_000 },
    })
    return outcomeOf(accepted(answer), { verb, dryRun })
  } catch (error) {
    if (error instanceof InterlockError) throw error
    throw new InterlockError('CACHE_UNREACHABLE', `${settings.url}: ${faultOf(error).message}`, {
      hint: 'interlock cache doctor',
      cause: error,
    })
  } finally {
    agents.close()
  }
}

function accepted(answer: Answer): AdminAnswer {
  if (answer.status === 200) {
    const report = readAdminAnswer(answer.text)
    if (report !== undefined) return report
    throw new InterlockError('CACHE_REFUSED', 'the answer of the cache is not that of an Interlock cache')
  }
  const hint =
    answer.status === 401 || answer.status === 403
      ? '"interlock cache token admin" makes an admin token; its hash belongs into the policy'
      : undefined
  const said = answer.text
    .replaceAll(/[^\x20-\x7e]+/gu, ' ')
    .trim()
    .slice(0, 300)
  throw new InterlockError('CACHE_REFUSED', `the cache answers with status ${answer.status}: ${said}`, { hint })
}

/** Never an argument: every user of a machine can read those. */
function adminToken({ root, env, options }: Invocation): string {
  const file = typeof options['tokenFile'] === 'string' ? options['tokenFile'] : undefined
  const token = (file === undefined ? (env['INTERLOCK_CACHE_ADMIN_TOKEN'] ?? '') : readToken(resolve(root, file), file)).trim()
  if (/^[\x21-\x7e]+$/u.test(token)) return token
  const place = file ?? 'INTERLOCK_CACHE_ADMIN_TOKEN'
  throw new InterlockError('USAGE', token === '' ? `no admin token in ${place}` : `what is in ${place} is no token`, {
    hint: 'set INTERLOCK_CACHE_ADMIN_TOKEN, or name a file with --token-file',
  })
}

function readToken(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new InterlockError('FILE_UNREADABLE', `cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'})`, {
      file: shown,
      cause,
    })
  }
}

function outcomeOf(report: AdminAnswer, { verb, dryRun }: { readonly verb: string; readonly dryRun: boolean }): Outcome {
  const rows = report.entries.slice(0, SHOWN).map(({ tool, scope, hash, size }) => [tool, scope, hash, bytesText(size)])
  const more = report.matched - rows.length
  const what = `${report.matched} ${report.matched === 1 ? 'entry' : 'entries'}, ${bytesText(report.bytes)}`
  const lines = [
    ...alignedRows(rows),
    ...(more > 0 ? [`and ${more} more`] : []),
    dryRun ? `would ${verb} ${what}; nothing was done: repeat it with --yes` : `${verb}: ${report.changed} of ${what}`,
  ]
  return { status: EXIT.done, prose: lines.join('\n'), data: report }
}
