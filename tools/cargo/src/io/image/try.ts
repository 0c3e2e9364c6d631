import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { type Entrance, findEntrance } from './enter.ts'
import { type Unpacked, unpackImage } from './unpack.ts'

export interface TryOrder {
  /** Absolute path of the image layout. */
  readonly folder: string
  /** What the program is started with. It must listen on loop-back and print a line of JSON with its `listening` address. */
  readonly arguments: readonly string[]
  /** What it is asked for, e.g. `/healthz`. */
  readonly path: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Only `answered` means that the image works. */
export type TryResult =
  | { readonly kind: 'answered'; readonly status: number; readonly by: Entrance['name'] }
  | { readonly kind: 'not allowed'; readonly reason: string }

const START_MS = 30_000
const STOP_MS = 15_000

/**
 * Unpacks an image, starts its program with nothing else to see than what is in it, asks it, and stops it by SIGTERM.
 *
 * Throws `InterlockError` `IMAGE_BROKEN` when the program does not start, does not answer with success, or does not end.
 */
export async function tryImage(order: TryOrder): Promise<TryResult> {
  const entrance = await findEntrance(order.env)
  if (entrance === undefined) return { kind: 'not allowed', reason: 'neither chroot nor user namespaces are allowed here' }
  const root = mkdtempSync(join(tmpdir(), 'interlock-image-'))
  try {
    const unpacked = await unpackImage(order.folder, root)
    return { kind: 'answered', status: await askWithin(root, { ...order, entrance, unpacked }), by: entrance.name }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

interface Attempt extends TryOrder {
  readonly entrance: Entrance
  readonly unpacked: Unpacked
}

async function askWithin(root: string, { entrance, unpacked, path, ...order }: Attempt): Promise<number> {
  const [program = '', ...words] = [...entrance.words(root, unpacked.user), ...unpacked.entrypoint, ...order.arguments]
  const child = spawn(program, words, { env: unpacked.environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const errors = collect(child.stderr)
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (status, signal) => resolve(status === null ? `ended by ${signal}` : `exited with status ${status}`))
  })
  try {
    const address = await within(START_MS, [addressOf(child), ended.then(never)])
    const answer = await fetch(`http://${address}${path}`, { signal: AbortSignal.timeout(START_MS) })
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`it answered ${answer.status} to ${path}`)
    child.kill('SIGTERM')
    const end = await within(STOP_MS, [ended])
    if (end !== 'exited with status 0') throw new Error(`after SIGTERM it ${end}`)
    return answer.status
  } catch (cause) {
    const said = errors().trim()
    const reason = `${cause instanceof Error ? cause.message : String(cause)}${said === '' ? '' : `:\n${said}`}`
    throw new InterlockError('IMAGE_BROKEN', `${unpacked.entrypoint.join(' ')} does not serve in its image: ${reason}`, {
      hint: 'what it needs at run time and no library names (data, plugins) must be in the image, too',
      cause,
    })
  } finally {
    child.kill('SIGKILL')
  }
}

/** The address in the first line on standard output, which is read to the end so that the program can go on writing. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stdout?.on('data', (chunk: Buffer) => {
      if (text.includes('\n')) return
      text += chunk.toString('utf8')
      const line = /^(.*)\n/.exec(text)?.[1]
      if (line === undefined) return
      const address = /"listening":"([^"]+)"/.exec(line)?.[1]
      if (address === undefined) reject(new Error(`its first line names no address: ${line}`))
      else resolve(address)
    })
  })
}

function never(end: string): never {
  throw new Error(`it ${end} before it listened`)
}

async function within<T>(milliseconds: number, promises: readonly Promise<T>[]): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`it took more than ${milliseconds / 1000} s`)), milliseconds).unref()
  })
  return Promise.race([...promises, late])
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text = `${text}${chunk.toString('utf8')}`.slice(-4096)))
  return () => text
}
