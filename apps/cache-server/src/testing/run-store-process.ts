import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface StoreProcess {
  readonly pid: number
  /** What it has said so far. */
  readonly said: readonly string[]
  /** Resolves when it has said a line; rejects when it ends without. */
  readonly until: (line: string) => Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<{ readonly status: number | null; readonly signal: string | null; readonly stderr: string }>
}

const LOADER = new URL('typescript.mjs', import.meta.url).href
const RUN_TYPESCRIPT = ['--conditions=@interlock/source', '--import', LOADER]

/** The command of a process of its own that uses a store; see `store-process.ts`. */
export function storeCommand(...args: readonly string[]): [string, ...string[]] {
  return scriptCommand('store-process.ts', ...args)
}

/** The command of a process of its own that runs a script of this folder. */
export function scriptCommand(script: string, ...args: readonly string[]): [string, ...string[]] {
  return [process.execPath, ...RUN_TYPESCRIPT, fileURLToPath(new URL(script, import.meta.url)), ...args]
}

/** Starts a process of its own that uses a store; see `store-process.ts`. */
export function runStoreProcess(...args: readonly string[]): StoreProcess {
  const { NODE_OPTIONS: _, ...env } = process.env
  const [program, ...words] = storeCommand(...args)
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  const waiting = new Map<string, () => void>()
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line)
    waiting.get(line)?.()
  })
  const ended = new Promise<{ status: number | null; signal: string | null; stderr: string }>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, stderr }))
  })
  return {
    pid: child.pid ?? 0,
    said,
    ended,
    kill: (signal) => void child.kill(signal),
    until: async (line) => {
      if (said.includes(line)) return
      const heard = new Promise<void>((resolve) => waiting.set(line, resolve))
      await Promise.race([heard, ended])
      if (!said.includes(line)) throw new Error(`it ended without saying ${JSON.stringify(line)}: ${stderr}`)
    },
  }
}
