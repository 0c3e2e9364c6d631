import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Surroundings } from '../core/settings.ts'
import { type Handshake, findShield } from './handshake.ts'
import type { ShieldOrder } from './shield/main.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/shield.js', import.meta.url))
const START_MS = 10_000

/** What decides in a program of Node which servers it trusts. */
const TRUST = ['NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'SSL_CERT_DIR', 'SSL_CERT_FILE'] as const

/** What it needs besides to reach the network as this process does; nothing of it is a secret. */
const PASSED = [...TRUST, 'HOME', 'PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'] as const

/** What a shield that this process starts is made of besides its settings. */
export function surroundings(): Surroundings {
  const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string }
  return { version, trust: valuesOf(TRUST) }
}

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
    env: valuesOf(PASSED),
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

function valuesOf(names: readonly string[]): Record<string, string> {
  const { env } = process
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
