import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const INTERLOCK = join(import.meta.dirname, '..', '..', '..', 'cli', 'bin', 'interlock.js')
const START_MS = 60_000

/** The server of this repository, as `interlock cache serve` starts it. */
export interface ServedCache {
  readonly url: string
  /** What a person exports in the other terminal. */
  readonly env: { readonly INTERLOCK_CACHE_URL: string; readonly INTERLOCK_CACHE_TOKEN: string }
  /** As the kernel ends a process. */
  readonly kill: () => void
}

/** Starts a server in a workspace; `port` 0 takes a free one. */
export async function serveCache(root: string, port = 0): Promise<ServedCache> {
  const child = spawn(process.execPath, [INTERLOCK, 'cache', 'serve', '--port', String(port)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const greeted = new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server does not start: ${output}`)), START_MS)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const greeting = /listens on (http:\S+?),[\s\S]*its token is in ([^\s,]+)/u.exec(output)
        if (greeting === null) return
        clearTimeout(timer)
        resolve(greeting)
      })
    }
    child.once('exit', (status) => reject(new Error(`the server ended with ${status}: ${output}`)))
  })
  const [, url = '', tokenFile = ''] = await greeted
  const token = readFileSync(join(root, tokenFile), 'utf8')
  return { url, env: { INTERLOCK_CACHE_URL: url, INTERLOCK_CACHE_TOKEN: token }, kill: () => child.kill('SIGKILL') }
}
