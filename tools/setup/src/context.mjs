import { delimiter, join } from 'node:path'
import { streamOk } from './processes.mjs'

/**
 * What the steps share at the start. The caller's environment is kept; three things are added to it.
 *
 * @param {string} root absolute path of the clone
 * @param {(pid: number | undefined) => void} started told about each child that changes something
 * @returns {import('./types.d.ts').Context}
 */
export function createContext(root, started) {
  /** @type {Record<string, string | undefined>} */
  const env = { ...process.env }
  env['UV_PYTHON_DOWNLOADS'] ??= 'never'
  const path = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  env[path] = [join(root, 'node_modules', '.bin'), env[path]].filter(Boolean).join(delimiter)
  return {
    env,
    platform: process.platform,
    pythons: undefined,
    root,
    run: (program, args, options = {}) => streamOk(program, args, { cwd: root, env: { ...env, ...options.env }, started }),
    uv: undefined,
  }
}
