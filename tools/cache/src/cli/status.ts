import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { faultOf } from '../core/fault.ts'
import { INNER_PATHS } from '../core/loopback.ts'
import { type RunSummary, summaryLine } from '../core/run-summary.ts'
import { offBy, type ShieldSettings, switchWarning } from '../core/settings.ts'
import { createAgents } from '../io/agents.ts'
import { askShield } from '../io/ask-shield.ts'
import { ask } from '../io/exchange.ts'
import { readHandshakes } from '../io/handshake.ts'
import { cacheFolder, readSummary } from '../io/places.ts'
import type { ShieldStatus } from '../io/shield/state.ts'
import { PATHS } from '../wire.ts'
import { settingsIfAny } from './settings.ts'

type ServerStatus = { readonly kind: 'answers'; readonly report: object } | { readonly kind: 'silent'; readonly why: string }

/** `interlock cache status`: nothing of it is a check, so that it ends well also where the cache is away. */
export async function runStatus(invocation: Invocation): Promise<Outcome> {
  const settings = settingsIfAny(invocation)
  const shields = await runningShields(invocation.root)
  const lastRun = readSummary(invocation.root)
  const server = settings === undefined ? undefined : await serverStatus(settings)
  return {
    status: EXIT.done,
    prose: [
      configured(settings),
      ...switchLines(invocation.env),
      lastRunText(lastRun),
      ...shieldLines(shields),
      ...serverLines(server),
    ].join('\n'),
    data: {
      url: settings?.url ?? null,
      credential: settings?.credential.kind ?? null,
      offBy: offBy(invocation.env) ?? null,
      lastRun: lastRun ?? null,
      shields,
      server: server ?? null,
    },
  }
}

async function runningShields(root: string): Promise<readonly ShieldStatus[]> {
  const asked = readHandshakes(cacheFolder(root)).map(async (handshake) =>
    askShield(handshake, { path: INNER_PATHS.status, milliseconds: 2000 }).catch(() => undefined),
  )
  return (await Promise.all(asked)).filter((status) => status !== undefined) as ShieldStatus[]
}

async function serverStatus(settings: ShieldSettings): Promise<ServerStatus> {
  const agents = createAgents(settings.proxy)
  try {
    const { status, text } = await ask(agents, `${settings.url}${PATHS.status}`, {
      method: 'GET',
      headers: { accept: 'application/json' },
    })
    if (status !== 200) return { kind: 'silent', why: `status ${status}` }
    const report: unknown = JSON.parse(text)
    const isReport = typeof report === 'object' && report !== null && !Array.isArray(report)
    return isReport ? { kind: 'answers', report } : { kind: 'silent', why: 'the answer is no report' }
  } catch (error) {
    return { kind: 'silent', why: error instanceof SyntaxError ? 'the answer is no JSON' : faultOf(error).message }
  } finally {
    agents.close()
  }
}

function configured(settings: ShieldSettings | undefined): string {
  if (settings === undefined) return 'cache     none: neither interlock.yaml nor INTERLOCK_CACHE_URL names one'
  const credentials = {
    none: 'no token',
    unusable: 'a variable that holds no token',
    static: 'a token',
    'id-token': 'an identity token',
    github: 'the identity of GitHub',
  }
  return `cache     ${settings.url} with ${credentials[settings.credential.kind]}`
}

function switchLines(env: Invocation['env']): string[] {
  const off = offBy(env)
  const said = off === undefined ? switchWarning(env) : `${off} is set: runs leave the cache out`
  return said === undefined ? [] : [`runs      ${said}`]
}

function lastRunText(lastRun: RunSummary | undefined): string {
  if (lastRun === undefined) return 'last run  none with a cache'
  return `last run  ${lastRun.endedAt}: ${summaryLine(lastRun).slice('cache: '.length)}`
}

function shieldLines(shields: readonly ShieldStatus[]): string[] {
  if (shields.length === 0) return ['shield    none runs; the next run of Nx starts one']
  return shields.map(({ pid, url, breaker, session, uploadsWaiting, runs }) => {
    const access = session.denied === undefined ? [] : [`no access: ${session.denied}`]
    const rule = session.granted === undefined ? [] : [`rule ${session.granted.rule}`]
    const parts = [`${runs} runs`, `${uploadsWaiting} uploads waiting`, ...rule, ...access]
    return `shield    process ${pid} for ${url}, breaker ${breaker}, ${parts.join(', ')}`
  })
}

function serverLines(server: ServerStatus | undefined): string[] {
  if (server === undefined) return []
  if (server.kind === 'silent') return [`server    no status: ${server.why}; "interlock cache doctor" looks closer`]
  const figures = Object.entries(server.report).filter(([, value]) => ['boolean', 'number', 'string'].includes(typeof value))
  return [`server    ${printable(figures.map(([name, value]) => `${name} ${String(value)}`).join(', '))}`]
}

/** What another machine says moves no cursor here. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 1000)
}
