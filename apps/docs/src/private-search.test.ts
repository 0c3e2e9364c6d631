import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

test.skipIf(process.platform === 'win32')(
  'the Python of the quick start, run as its page says, finds the same',
  async () => {
    const page = readFileSync(`${ROOT}apps/docs/content/proxy/quick-start.md`, 'utf8')
    const source = /```python\n(?<code>[\s\S]*?)```/.exec(page)?.groups?.['code']
    const command = /^\$ PYTHONPATH=(?<path>\S+) (?<python>\S+) ask\.py$/m.exec(page)?.groups
    expect(source).toContain('"http://127.0.0.1:8080"')
    const folder = mkdtempSync(join(tmpdir(), 'quick-start-'))
    try {
      writeFileSync(join(folder, 'ask.py'), source?.replace('http://127.0.0.1:8080', url) ?? '')
      const env = { ...process.env, OPENBLAS_NUM_THREADS: '1', PYTHONPATH: command?.['path'] }
      const asked = spawn(command?.['python'] ?? '', [join(folder, 'ask.py')], {
        cwd: ROOT,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const { status, stdout, stderr } = await ended(asked)
      expect([status, stderr]).toStrictEqual([0, ''])
      expect(stdout.trimEnd().split('\n')).toHaveLength(5)
      expect(stdout).toContain('base')
    } finally {
      rmSync(folder, { recursive: true })
    }
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

test('a question before anything is built says what to start', async () => {
  const clone = mkdtempSync(join(tmpdir(), 'not-built-'))
  try {
    const example = join('apps', 'docs', 'examples', 'private-search')
    for (const file of ['run.mjs', 'supervise.mjs']) cpSync(join(ROOT, example, file), join(clone, example, file))
    const asked = spawn(process.execPath, [join(clone, example, 'run.mjs'), 'search', 'anyone?'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { status, stderr } = await ended(asked)
    expect([status, stderr.split('\n\n')[0]]).toStrictEqual([6, 'error: the wheel is not built yet'])
    expect(stderr).toContain('hint: npm run demo:serve')
  } finally {
    rmSync(clone, { recursive: true })
  }
})

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
