import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const LAUNCHER = join(import.meta.dirname, '..', '..', '..', '..', 'tools', 'cli', 'bin', 'interlock.js')

/** `interlock cache serve` as a person starts it. */
export interface ServeProcess {
  readonly url: string
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Sends a signal and waits for the end; its exit status. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface ServeOptions {
  readonly cwd: string
  readonly words?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Resolves once it listens; rejects with what it said when it ends before that. */
export async function serveProcess({ cwd, words = ['--port', '0'], env = {} }: ServeOptions): Promise<ServeProcess> {
  const child = spawn(process.execPath, [LAUNCHER, 'cache', 'serve', ...words], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      const found = /listens on (http:\/\/\S+?)[,;\s]/u.exec(stdout)?.[1]
      if (found !== undefined) resolve(found)
    })
    void exited.then((status) => reject(new Error(`ended with ${status}: ${stdout}${stderr}`)))
  })
  const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    return exited
  }
  return {
    url,
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    end,
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}
