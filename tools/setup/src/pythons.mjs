import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { capture } from './processes.mjs'
import { compareVersions } from './steps/node.mjs'

/** Oldest and newest interpreter that the packages are tested with. */
export const LANES = ['3.9', '3.10', '3.11', '3.12', '3.13']

const QUESTION =
  'import platform,sys;print(sys.implementation.name,platform.python_version(),getattr(sys,"_base_executable",None) or sys.executable)'

/** @typedef {import('./types.d.ts').Context} Context @typedef {import('./types.d.ts').Interpreter} Interpreter */

/**
 * Every usable CPython from 3.9 on, by `major.minor`, the newest patch of each. Looks on PATH and into pyenv's
 * folders: the versions of pyenv that are not active are invisible to everyone who only looks at PATH.
 *
 * @param {Pick<Context, 'root' | 'env' | 'platform'>} context
 * @returns {Promise<ReadonlyMap<string, Interpreter>>}
 */
export async function findPythons(context) {
  const answers = await Promise.all(candidates(context).map((path) => ask(path, context)))
  /** @type {Map<string, Interpreter>} */
  const found = new Map()
  for (const interpreter of answers) {
    if (interpreter === undefined) continue
    const key = interpreter.version.split('.').slice(0, 2).join('.')
    const known = found.get(key)
    if (known === undefined || compareVersions(numbers(interpreter.version), numbers(known.version)) > 0)
      found.set(key, interpreter)
  }
  return new Map([...found].sort(([left], [right]) => compareVersions(numbers(left), numbers(right))))
}

/**
 * The interpreter of `.python-version`, else the newest.
 *
 * @param {ReadonlyMap<string, Interpreter>} pythons
 * @param {string} wanted content of `.python-version`
 * @returns {[string, Interpreter] | undefined}
 */
export function defaultPython(pythons, wanted) {
  const key = wanted.trim().split('.').slice(0, 2).join('.')
  const exact = pythons.get(key)
  return exact === undefined ? [...pythons].at(-1) : [key, exact]
}

/** @param {Pick<Context, 'root' | 'env' | 'platform'>} context */
function candidates({ env, platform }) {
  const names = platform === 'win32' ? ['python.exe'] : ['python3', 'python', ...LANES.map((lane) => `python${lane}`)]
  const pyenv = join(env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
  const versions = existsSync(pyenv) ? readdirSync(pyenv) : []
  const ofPyenv = versions.map((version) =>
    platform === 'win32' ? join(pyenv, version, 'python.exe') : join(pyenv, version, 'bin', 'python3'),
  )
  const folders = (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !/node_modules|[/\\]shims\b/.test(folder))
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...new Set([...onPath, ...ofPyenv])].filter((path) => existsSync(path))
}

/**
 * Asks one program who it is. A pyenv shim of a version that is not active, or the Windows store's placeholder, fails here.
 *
 * @param {string} path
 * @param {Pick<Context, 'root' | 'env'>} context
 * @returns {Promise<Interpreter | undefined>}
 */
async function ask(path, { root, env }) {
  const answer = await capture(path, ['-I', '-c', QUESTION], { cwd: root, env })
  const match = /^cpython (3\.\d+\.\d+) (.+)$/.exec(answer.stdout.trim())
  if (answer.status !== 0 || match === null) return undefined
  const [version = '', executable = ''] = match.slice(1)
  return compareVersions(numbers(version), [3, 9, 0]) < 0 ? undefined : { path: executable, version }
}

/** @param {string} version */
function numbers(version) {
  return version.split('.').map(Number)
}
