// A program that ends when this process does, and when npm does that started it, however that ends.
import { spawn, spawnSync } from 'node:child_process'

/** How often to look whether npm is still there, in milliseconds. */
const PAUSE = 500
const ASKED = 'ForEach-Object { "$($_.ParentProcessId) $($_.CommandLine)" }'

/**
 * Runs a program to its end. Its standard input is a pipe that nobody writes to: the system closes it when this process is
 * gone, also by SIGKILL, and the program ends by that.
 *
 * @param {string} command @param {readonly string[]} words
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, npm: number | undefined }} options `npm` is what {@link starter} said
 * @returns {Promise<{ status: number | null, error: Error | undefined }>}
 */
export function supervised(command, words, { cwd, env, npm }) {
  const child = spawn(command, words, { cwd, env, stdio: ['pipe', 'inherit', 'inherit'] })
  // The program may be gone first.
  child.stdin.on('error', () => {})
  const look = npm === undefined ? undefined : setInterval(() => isAlive(npm) || child.stdin.destroy(), PAUSE)
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error, status: null }))
    child.once('exit', (status) => resolve({ error: undefined, status }))
  }).finally(() => clearInterval(look))
}

/**
 * The process of npm, if it started this one: the parent, or that of a shell between the two, whose words are those of the
 * script. To be asked before anything that takes long: afterwards it may be gone, and nothing tells any more who it was.
 *
 * @returns {number | undefined}
 */
export function starter() {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const id = process.ppid
  const [command, ...words] =
    process.platform === 'win32'
      ? ['powershell', '-NoProfile', '-Command', `Get-CimInstance Win32_Process -Filter "ProcessId=${id}" | ` + ASKED]
      : ['ps', '-o', 'ppid=', '-o', 'args=', '-p', `${id}`]
  const { stdout } = spawnSync(command ?? '', words, { encoding: 'utf8' })
  const found = /^\s*(\d+) .*run\.mjs/.exec(stdout ?? '')
  return found === null ? id : Number(found[1])
}

/** @param {number} id */
function isAlive(id) {
  try {
    return process.kill(id, 0)
  } catch (error) {
    // It may be that of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
