import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Handshake, findShield } from './handshake.ts'
import type { ShieldOrder } from './shield/main.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/shield.js', import.meta.url))
const START_MS = 10_000

/** What a program of Node needs to reach the network as this process does; nothing of it is a secret. */
const PASSED = [
  'HOME',
  'NODE_EXTRA_CA_CERTS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'PATH',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
] as const

/** The shield with these settings: one that runs already, or a new one. Rejects when none can be started. */
export async function launchShield(order: ShieldOrder): Promise<Handshake> {
  return (await findShield(order.folder, order.key)) ?? startShield(order)
}

async function startShield(order: ShieldOrder): Promise<Handshake> {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: tmpdir(),
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: Object.fromEntries(PASSED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  })
  child.unref()
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => fail(new Error(`no shield after ${START_MS} ms`)), START_MS)
    const settle = (): void => {
      clearTimeout(timer)
      child.stdout.destroy()
    }
    const fail = (error: Error): void => {
      settle()
      child.kill('SIGKILL')
      reject(error)
    }
    child.once('error', fail)
    // Not `exit`: what a process wrote may be read after its end, and one that finds another shield says so and ends.
    child.once('close', (status) => fail(new Error(`the shield ended with status ${status}`)))
    for (const stream of [child.stdin, child.stdout]) stream.on('error', () => undefined)
    child.stdin.end(JSON.stringify(order))
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (piece: string) => {
      text += piece
      if (!text.includes('\n')) return
      child.removeAllListeners('close')
      try {
        resolve(JSON.parse(text) as Handshake)
        settle()
      } catch (error) {
        fail(error as Error)
      }
    })
  })
}
