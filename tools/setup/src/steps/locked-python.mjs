import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf, readStamp, writeStamp } from '../stamp.mjs'
import { pythonsOf } from './environments.mjs'
import { compareVersions } from './node.mjs'

/** The oldest that the locks are made for. */
const OLDEST_PYTHON = [3, 11, 0]

/**
 * An environment of its own in which a lock with hashes is installed.
 *
 * @param {import('../types.d.ts').Context} context
 * @param {object} options
 * @param {string} options.folder in the clone, with forward slashes
 * @param {string} options.lock in the clone, with forward slashes
 * @param {readonly string[]} options.names what it is installed for
 * @param {readonly string[]} options.programs files that are there when it is
 * @returns {Promise<import('./optional.mjs').Part>}
 */
export async function lockedPython(context, { folder, lock, names, programs }) {
  const { root, run } = context
  const [home, file] = [join(root, folder), join(root, lock)]
  const stamp = join(home, '.interlock-setup')
  const pythons = [...(await pythonsOf(context)).values()]
  const python = pythons.findLast(({ version }) => compareVersions(version.split('.').map(Number), OLDEST_PYTHON) >= 0)
  const digest = digestOf([file], [python?.version ?? '', python?.path ?? ''])
  return {
    command: `uv venv ${folder} && uv pip sync --require-hashes --python ${folder} ${lock}`,
    names,
    ready: programs.every((program) => existsSync(program)) && readStamp(stamp) === digest,
    ...(python === undefined ? { obstacle: 'there is no Python 3.11 or newer here' } : {}),
    async install() {
      if (python === undefined) return
      const uv = context.uv ?? 'uv'
      await run(uv, ['venv', '--quiet', '--clear', '--no-project', '--python', python.path, home])
      await run(uv, ['pip', 'sync', '--quiet', '--require-hashes', '--python', home, file])
      writeStamp(stamp, digest)
    },
  }
}
