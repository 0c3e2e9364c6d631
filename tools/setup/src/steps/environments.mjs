import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LANES, defaultPython, findPythons } from '../pythons.mjs'
import { digestOf, readStamp, writeStamp } from '../stamp.mjs'

/** @typedef {import('../types.d.ts').Context} Context @typedef {import('../types.d.ts').Interpreter} Interpreter */

/** @type {import('../types.d.ts').Step} */
export const environments = {
  name: 'Python',
  async inspect(context) {
    const { root, run } = context
    const pythons = await pythonsOf(context)
    const wanted = readText(join(root, '.python-version'))
    const main = defaultPython(pythons, wanted)
    if (main === undefined) {
      return {
        detail: 'no CPython 3.9 or newer was found, on PATH or in pyenv',
        hint: 'install Python 3.11 (Debian: apt-get install python3 python3-venv; pyenv: pyenv install 3.11)',
        state: 'missing',
      }
    }
    const [key, interpreter] = main
    const notes = missingLanes(pythons).map((lane) => `test-py${lane}: not run, because there is no Python ${lane} here`)
    if (wanted.trim() !== '' && key !== wanted.trim())
      notes.unshift(`Python ${wanted.trim()} of .python-version was not found; ${interpreter.version} takes its place`)
    const lanes = LANES.flatMap((lane) => environment(`.venv-${lane}`, pythons.get(lane)))
    const all = [...environment('.venv', interpreter), ...lanes].map((plan) => ({ ...plan, ...state(plan, context) }))
    const stale = all.filter((plan) => !plan.ready)
    const detail = all.map((plan) => `${plan.folder} ${plan.version}`).join(', ')
    if (stale.length === 0) return { detail, notes, state: 'ready' }
    return {
      command: stale
        .map(({ folder }) => `uv venv ${folder} && uv pip sync --require-hashes --python ${folder} requirements.lock`)
        .join('\n'),
      detail: `${stale.map(({ folder }) => folder).join(', ')}: not made, or not as requirements.lock says`,
      notes,
      state: 'needed',
      async apply() {
        const uv = context.uv ?? 'uv'
        for (const { folder, path, stamp, digest } of stale) {
          await run(uv, ['venv', '--quiet', '--clear', '--no-project', '--python', path, join(root, folder)])
          await run(uv, [
            'pip',
            'sync',
            '--quiet',
            '--require-hashes',
            '--python',
            join(root, folder),
            join(root, 'requirements.lock'),
          ])
          writeStamp(stamp, digest)
        }
        return detail
      },
    }
  },
}

/** Versions of the test matrix that no interpreter was found for. @param {ReadonlyMap<string, unknown>} pythons */
export function missingLanes(pythons) {
  return LANES.filter((lane) => !pythons.has(lane))
}

/** @param {Context} context */
export async function pythonsOf(context) {
  context.pythons ??= await findPythons(context)
  return context.pythons
}

/** @param {string} folder @param {Interpreter | undefined} interpreter */
function environment(folder, interpreter) {
  return interpreter === undefined ? [] : [{ folder, ...interpreter }]
}

/** @param {{ folder: string } & Interpreter} plan @param {Context} context */
function state({ folder, path, version }, { root, platform }) {
  const stamp = join(root, folder, '.interlock-setup')
  const digest = digestOf([join(root, 'requirements.lock')], [path, version])
  const program = platform === 'win32' ? join(root, folder, 'Scripts', 'python.exe') : join(root, folder, 'bin', 'python')
  return { digest, ready: existsSync(program) && readStamp(stamp) === digest, stamp }
}

/** @param {string} file */
function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
