import { appendFileSync } from 'node:fs'
import { readConfig } from '@interlock/kit'
import { type RunSummary, summaryLine, summaryMarkdown, summaryOf } from './core/run-summary.ts'
import { cacheSection } from './core/section.ts'
import { OWN_SECRETS, settingsKey, setupOf, type ShieldSettings, WITHHELD } from './core/settings.ts'
import { createGate, type Gate, isRunning, type Run } from './io/gate.ts'
import { createLink, type RunsLink } from './io/link.ts'
import { surroundings } from './io/launch.ts'
import { cacheFolder, writeSummary } from './io/places.ts'

/** What Nx tells a hook, as far as it is used here. */
export interface HookContext {
  readonly id: string
  readonly workspaceRoot: string
}

export interface EndedContext extends HookContext {
  readonly taskResults: Readonly<Record<string, { readonly status: string }>>
}

const SERVER = 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER'
const TOKEN = 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN'
/** Which workspace the listener in `SERVER` belongs to: tasks inherit both, and may be runs themselves. */
const OWNER = 'INTERLOCK_CACHE_LISTENER'

const LINGER_MS = 30_000
const IDLE_MS = 4 * 60 * 60 * 1000

interface Listener {
  readonly gate: Gate
  readonly link: RunsLink
}

interface Started {
  readonly run: Run
  readonly listener: Listener
  readonly settings: ShieldSettings
}

/** One worker of Nx's daemon serves many runs: listeners by their settings, runs by the id that Nx gives them. */
const listeners = new Map<string, Promise<Listener>>()
const started = new Map<string, Started>()
/** Under the daemon a variable keeps what the last run put there, until a client comes with another environment. */
const withheld = new Map<string, string>()

/**
 * Puts the shield between Nx and the cache, before tasks run. Returns what a person should be warned of. Never throws: without
 * the cache the run goes on.
 */
export async function beforeTasks({ id, workspaceRoot }: HookContext): Promise<readonly string[]> {
  try {
    return await start(id, workspaceRoot)
  } catch (error) {
    return [`the cache is not used in this run: ${error instanceof Error ? error.message : String(error)}`]
  } finally {
    // Also where the cache is off or cannot be had: tasks run all the same.
    withhold(process.env)
  }
}

/** What the cache did in a run: one line for people, and the figures; no figures where they could not be had. */
export interface CacheReport {
  readonly line: string
  readonly summary?: RunSummary
}

/** Waits for uploads within the bound, and says what the cache did; `undefined` where there was none. Never throws. */
export async function afterTasks(context: EndedContext): Promise<CacheReport | undefined> {
  const begun = started.get(context.id)
  started.delete(context.id)
  if (begun === undefined) return undefined
  try {
    const { run, listener, settings } = begun
    listener.gate.end(run)
    const uploads = await listener.link.leave(run.id, settings.limits.flushSeconds * 1000)
    const statuses = Object.values(context.taskResults).map(({ status }) => status)
    const summary = summaryOf({ endedAt: new Date().toISOString(), url: settings.url, statuses, tally: run.tally(), uploads })
    writeSummary(context.workspaceRoot, summary)
    addToPage(summaryMarkdown(summary))
    return { line: summaryLine(summary), summary }
  } catch (error) {
    return { line: `cache: what it did could not be told: ${error instanceof Error ? error.message : String(error)}` }
  }
}

async function start(id: string, root: string): Promise<readonly string[]> {
  // Not a copy: Nx watches what is assigned to this very object.
  const { env } = process
  const { config } = readConfig(root, { cache: cacheSection })
  const setup = setupOf(config.cache, { ...env, ...remembered(env) })
  const inherited = await inheritedListener(env, root)
  const warnings = setup.warning === undefined ? [] : [setup.warning]
  if (setup.kind === 'off') {
    if (inherited === 'of this workspace' || inherited === 'of another run') forget(env)
    return warnings
  }
  if (inherited === 'of this workspace') return []
  if (inherited === 'of the user') {
    return [
      ...warnings,
      `${SERVER} is set, so Nx asks that server itself and its faults fail the run: unset it, and the shield stands in front of ${setup.settings.url}`,
    ]
  }
  const listener = await listenerFor(setup.settings, root)
  const run = listener.gate.open()
  listener.link.join(run.id)
  started.set(id, { run, listener, settings: setup.settings })
  env[SERVER] = listener.gate.address
  env[TOKEN] = run.bearer
  env[OWNER] = `${listener.gate.address} ${root}`
  for (const name of ['NO_PROXY', 'no_proxy'])
    env[name] = withLoopback(env[name] ?? (name === 'no_proxy' ? env['NO_PROXY'] : env['no_proxy']))
  return warnings
}

async function listenerFor(settings: ShieldSettings, root: string): Promise<Listener> {
  const folder = cacheFolder(root)
  const key = settingsKey(settings, surroundings())
  const name = `${key} ${folder}`
  const known = listeners.get(name)
  if (known !== undefined) return known
  const link = createLink({ settings, key, folder, lingerMs: LINGER_MS, idleMs: IDLE_MS })
  const listener = createGate(link).then((gate) => ({ gate, link }))
  listeners.set(name, listener)
  listener.catch(() => listeners.delete(name))
  return listener
}

type Inherited = 'none' | 'of the user' | 'of this workspace' | 'of another run'

/**
 * Whose server the environment names already. `of this workspace`: that of a run which goes on, and which this one is part
 * of. A run that is over leaves its variables too, in an editor or a terminal that one of its tasks opened.
 */
async function inheritedListener(env: NodeJS.ProcessEnv, root: string): Promise<Inherited> {
  const { [SERVER]: server = '', [TOKEN]: bearer = '', [OWNER]: owner = '' } = env
  if (server === '') return 'none'
  if (!owner.startsWith(`${server} `)) return 'of the user'
  if (owner !== `${server} ${root}`) return 'of another run'
  // What an earlier run of this process left.
  for (const listener of listeners.values())
    if ((await listener.catch(() => undefined))?.gate.address === server) return 'of another run'
  return (await isRunning(server, bearer)) ? 'of this workspace' : 'of another run'
}

/** The cache of another run has nothing to do with this one. */
function forget(env: NodeJS.ProcessEnv): void {
  for (const name of [SERVER, TOKEN, OWNER]) env[name] = ''
}

/** Tasks inherit the environment, and none of them needs a token of the cache. */
function withhold(env: NodeJS.ProcessEnv): void {
  for (const name of OWN_SECRETS) {
    const value = env[name]
    if (value === undefined || value === '' || value === WITHHELD) continue
    withheld.set(name, value)
    env[name] = WITHHELD
  }
}

function remembered(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries([...withheld].filter(([name]) => env[name] === WITHHELD))
}

/** A proxy has no way to the loop-back of this machine. */
function withLoopback(exempt: string | undefined): string {
  const entries = (exempt ?? '').split(',').filter((entry) => entry.trim() !== '')
  const missing = ['127.0.0.1', 'localhost'].filter((host) => !entries.some((entry) => entry.trim() === host))
  return [...entries, ...missing].join(',')
}

function addToPage(markdown: string): void {
  const file = process.env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  try {
    appendFileSync(file, `${markdown}\n`)
  } catch {
    // The line at the end of the run says the same.
  }
}
