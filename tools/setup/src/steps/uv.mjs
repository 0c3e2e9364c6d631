import { copyFileSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { capture } from '../processes.mjs'
import { pythonsOf } from './environments.mjs'
import { compareVersions } from './node.mjs'

/** What is installed when there is no uv, and the oldest that this repository is known to work with. */
export const UV = { install: '0.13.9', minimum: [0, 13, 0] }

/** @typedef {import('../types.d.ts').Context} Context */

/** @type {import('../types.d.ts').Step} */
export const uv = {
  name: 'uv',
  async inspect(context) {
    const { root, env, platform, run } = context
    const onPath = await uvVersion('uv', context)
    if (onPath !== undefined && recent(onPath)) {
      context.uv = 'uv'
      return { detail: onPath, state: 'ready' }
    }
    const home = join(root, '.tools', 'uv')
    const bin = join(home, platform === 'win32' ? 'Scripts' : 'bin')
    const own = join(bin, platform === 'win32' ? 'uv.exe' : 'uv')
    context.uv = own
    const version = existsSync(own) ? await uvVersion(own, context) : undefined
    const installed = version !== undefined && recent(version)
    if (installed && linked(own, context)) return { detail: `${version} in .tools/uv`, state: 'ready' }
    if (installed) return { ...linking(own, context), state: 'needed' }
    const python = [...(await pythonsOf(context)).values()].at(-1)
    if (python === undefined)
      return {
        detail: 'uv was not found, and there is no Python to install it with',
        hint: 'install Python 3.9 or newer',
        state: 'missing',
      }
    if ((await capture(python.path, ['-c', 'import ensurepip, venv'], { cwd: root, env })).status !== 0) {
      return {
        detail: `uv was not found, and ${python.path} cannot make environments`,
        hint: 'sudo apt-get install python3-venv, or install uv yourself, then run the same command again',
        state: 'missing',
      }
    }
    return {
      command: `${python.path} -m venv .tools/uv && .tools/uv/bin/python -m pip install uv==${UV.install}`,
      detail: onPath === undefined ? 'not found' : `${onPath} is older than ${UV.minimum.join('.')}`,
      state: 'needed',
      async apply() {
        rmSync(home, { force: true, recursive: true })
        await run(python.path, ['-m', 'venv', home])
        const inside = join(bin, platform === 'win32' ? 'python.exe' : 'python')
        await run(inside, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `uv==${UV.install}`])
        link(own, context)
        return `${UV.install} in .tools/uv`
      },
    }
  },
}

/** @param {string} own @param {Context} context */
function linking(own, context) {
  return {
    command: 'ln -s .tools/uv/bin/uv node_modules/.bin/uv',
    detail: 'not linked into node_modules/.bin',
    async apply() {
      link(own, context)
      return `${UV.install} in .tools/uv`
    },
  }
}

/** Nx, npx and npm put node_modules/.bin on PATH, so every target finds this uv there. @param {string} own @param {Context} context */
function link(own, context) {
  const target = linkPath(context)
  mkdirSync(join(context.root, 'node_modules', '.bin'), { recursive: true })
  rmSync(target, { force: true })
  if (context.platform === 'win32') copyFileSync(own, target)
  else symlinkSync(own, target)
}

/** @param {string} own @param {Context} context */
function linked(own, context) {
  const target = linkPath(context)
  return existsSync(target) && (context.platform === 'win32' || realpathSync(target) === realpathSync(own))
}

/** @param {Context} context */
function linkPath({ root, platform }) {
  return join(root, 'node_modules', '.bin', platform === 'win32' ? 'uv.exe' : 'uv')
}

/** @param {string} version */
function recent(version) {
  return compareVersions(version.split('.').map(Number), UV.minimum) >= 0
}

/** Asked in the clone's folder: pyenv's shim of uv works or fails by the `.python-version` there. @param {string} program @param {Context} context */
async function uvVersion(program, { root, env }) {
  const answer = await capture(program, ['--version'], { cwd: root, env })
  return answer.status === 0 ? /^uv (\d+\.\d+\.\d+)/.exec(answer.stdout)?.[1] : undefined
}
