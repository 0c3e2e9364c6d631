import { existsSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { digestOf, readStamp, writeStamp } from '../stamp.mjs'

/** @type {import('../types.d.ts').Step} */
export const packages = {
  name: 'npm packages',
  async inspect({ root, env, run }) {
    const stamp = join(root, 'node_modules', '.interlock-setup')
    const digest = digestOf(
      [join(root, 'package-lock.json'), join(root, '.npmrc')],
      [process.platform, process.arch, process.versions.modules],
    )
    if (readStamp(stamp) === digest) return { detail: 'as package-lock.json says', state: 'ready' }
    return {
      command: 'npm ci',
      detail: existsSync(join(root, 'node_modules')) ? 'node_modules does not match package-lock.json' : 'not installed',
      state: 'needed',
      async apply() {
        const [program, ...args] = npm(env, process.platform)
        // The tools of this repository are devDependencies: NODE_ENV=production must not leave them out.
        await run(/** @type {string} */ (program), [...args, 'ci', '--include=dev'])
        writeStamp(stamp, digest)
        return 'installed'
      },
    }
  },
}

/**
 * How to start npm without a shell: on Windows `npm` is a script that only a shell can start.
 *
 * @param {Record<string, string | undefined>} env
 * @param {NodeJS.Platform} platform
 * @returns {string[]}
 */
export function npm(env, platform) {
  const running = env['npm_execpath']
  if (running !== undefined && /npm-cli\.[cm]?js$/.test(running)) return [process.execPath, running]
  if (platform === 'win32') return [process.execPath, join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')]
  return ['npm']
}
