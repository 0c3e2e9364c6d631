import { capture } from '../processes.mjs'

/** @type {import('../types.d.ts').Step} */
export const system = {
  name: 'C linker',
  async inspect(context) {
    const { root, env, platform, run } = context
    if (platform === 'win32') return { detail: 'comes with the toolchain on Windows', state: 'ready' }
    if ((await capture('cc', ['--version'], { cwd: root, env })).status === 0) return { detail: 'cc', state: 'ready' }
    const install = aptInstall(await canUseApt(context), ['build-essential'])
    if (install === undefined) {
      return {
        detail: 'cc was not found: Rust links its programs with it',
        hint:
          platform === 'darwin'
            ? 'xcode-select --install'
            : 'sudo apt-get install build-essential, or your system’s package with a C compiler',
        state: 'missing',
      }
    }
    return {
      command: install.map((words) => words.join(' ')).join(' && '),
      detail: 'cc was not found: Rust links its programs with it',
      state: 'needed',
      async apply() {
        for (const [program, ...args] of install)
          await run(/** @type {string} */ (program), args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
        return 'cc'
      },
    }
  },
}

/**
 * The commands that install Debian packages, or nothing where they cannot be run.
 *
 * @param {boolean} usable
 * @param {readonly string[]} names
 * @returns {string[][] | undefined}
 */
export function aptInstall(usable, names) {
  if (!usable) return undefined
  return [
    ['apt-get', 'update'],
    ['apt-get', 'install', '--yes', '--no-install-recommends', ...names],
  ]
}

/** @param {Pick<import('../types.d.ts').Context, 'root' | 'env'>} context */
export async function canUseApt({ root, env }) {
  if (process.getuid?.() !== 0) return false
  return (await capture('apt-get', ['--version'], { cwd: root, env })).status === 0
}
