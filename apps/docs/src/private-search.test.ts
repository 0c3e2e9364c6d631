import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { type Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const RUN = `${ROOT}apps/docs/examples/private-search/run.mjs`
const PATIENCE = 1_200_000

type Child = ChildProcessByStdio<null, Readable, Readable>
type Found = { readonly hits: readonly { readonly passage: { readonly id: string; readonly text: string } }[] }

let server: Child
let url = ''
let log = ''

// The two lines of the README, as written, but that the system chooses the port.
beforeAll(async () => {
  server = npm(['demo:serve', '--', '--listen', '127.0.0.1:0'])
  server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
  url = await announced(server)
}, PATIENCE)

afterAll(async () => {
  if (isRunning(server)) await interrupted(server)
}, PATIENCE)

test(
  'a question finds the passage that answers it',
  async () => {
    const words = ['demo:search', '--', 'What happens when the base of a run is empty?', '--json', '--url', url]
    const { status, stdout, stderr } = await ended(npm(words))
    expect(status === 0 ? '' : stdout + stderr).toBe('')
    const { hits } = JSON.parse(stdout) as Found
    expect(hits.length).toBe(5)
    const texts = hits.filter(({ passage }) => passage.id.startsWith('apps/docs/content/concepts/base.md:'))
    expect(texts.map(({ passage }) => passage.text).join('\n')).toContain('never an empty string')
  },
  PATIENCE,
)

test(
  'a plain node has no folder of npm on its path, and finds what it needs all the same',
  async () => {
    const env = { ...process.env, PATH: dirname(process.execPath) }
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
    const { status, stdout, stderr } = await ended(spawn(process.execPath, [RUN, 'search', '--help'], { env, stdio }))
    expect([status, stderr]).toStrictEqual([0, ''])
    expect(stdout).toContain('usage: hlp search')
  },
  PATIENCE,
)

test(
  'Ctrl-C stops the server in its order',
  async () => {
    expect(isRunning(server)).toBe(true)
    await interrupted(server)
    await vi.waitUntil(() => log.includes('"message":"stopped"'), { timeout: 20_000 })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed')
  },
  PATIENCE,
)

test(
  'the server ends with npm, also where npm is killed and can tell nobody',
  async () => {
    const killed = npm(['demo:serve', '--', '--listen', '127.0.0.1:0'])
    const address = await announced(killed)
    expect((await fetch(`${address}/healthz`)).status).toBe(200)
    killed.kill('SIGKILL')
    await vi.waitUntil(async () => !(await answers(address)), { interval: 200, timeout: 60_000 })
  },
  PATIENCE,
)

async function answers(address: string): Promise<boolean> {
  try {
    await fetch(`${address}/healthz`)
    return true
  } catch {
    return false
  }
}

function npm(words: readonly string[]): Child {
  // Beside other tasks, threads of the linear algebra that wait for each other cost more than they save.
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' }
  return spawn('npm', ['run', '--silent', ...words], { cwd: ROOT, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The address in the one line of JSON that the server prints. */
async function announced(child: Child): Promise<string> {
  let said = ''
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`
    if (line.startsWith('{"listening":')) return `http://${(JSON.parse(line) as { listening: string }).listening}`
  }
  throw new Error(`the server did not start:\n${said}${log}`)
}

async function ended(
  child: Child,
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, stderr, stdout }
}

function isRunning({ exitCode, signalCode }: Child): boolean {
  return exitCode === null && signalCode === null
}

/** What a terminal does at Ctrl-C; npm itself ends by the signal. */
async function interrupted(child: Child): Promise<void> {
  const ended = once(child, 'exit')
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  await ended
}
