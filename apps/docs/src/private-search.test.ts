import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const PATIENCE = 1_200_000

type Child = ChildProcessByStdio<null, Readable, Readable>
type Found = { readonly hits: readonly { readonly title: string; readonly text: string; readonly id: string }[] }

let server: Child
let url = ''

// The two lines of the README, as written, but that the system chooses the port.
beforeAll(async () => {
  server = npm(['demo:serve', '--', '--listen', '127.0.0.1:0'])
  url = await announced(server)
}, PATIENCE)

afterAll(async () => {
  if (server.exitCode === null) await interrupted(server)
}, PATIENCE)

test(
  'a question finds the passage that answers it, and the server sees only ciphertexts',
  async () => {
    const words = ['demo:search', '--', 'What happens when the base of a run is empty?', '--json', '--url', url]
    const { status, stdout, stderr } = await ended(npm(words))
    expect(status === 0 ? '' : stdout + stderr).toBe('')
    const { hits } = JSON.parse(stdout) as Found
    expect(hits.length).toBe(5)
    const answer = hits.find(({ id }) => id.startsWith('apps/docs/content/concepts/base.md:'))
    expect(answer?.text).toContain('never an empty string')
  },
  PATIENCE,
)

test(
  'Ctrl-C ends the server with success',
  async () => {
    expect(await interrupted(server)).toBe(0)
  },
  PATIENCE,
)

function npm(words: readonly string[]): Child {
  // Beside other tasks, threads of the linear algebra that wait for each other cost more than they save.
  const env = { ...process.env, OPENBLAS_NUM_THREADS: '1' }
  return spawn('npm', ['run', '--silent', ...words], { cwd: ROOT, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The address in the one line of JSON that the server prints. */
async function announced(child: Child): Promise<string> {
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`
    if (line.startsWith('{"listening":')) return `http://${(JSON.parse(line) as { listening: string }).listening}`
  }
  throw new Error(`the server did not start:\n${said}`)
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

/** The status after what a terminal does at Ctrl-C. */
async function interrupted(child: Child): Promise<number | null> {
  const ended = once(child, 'exit') as Promise<[number | null]>
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
  const [status] = await ended
  return status
}
