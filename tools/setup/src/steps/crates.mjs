import { capture } from '../processes.mjs'

const FETCH = ['fetch', '--locked']

/**
 * Everything in Cargo.lock, for any platform and with every feature: builds download only what they
 * need themselves, and tests ask offline about the whole workspace.
 *
 * @type {import('../types.d.ts').Step}
 */
export const crates = {
  name: 'Crates',
  async inspect({ root, env, run }) {
    const asked = await capture('cargo', [...FETCH, '--offline', '--quiet'], { cwd: root, env })
    if (asked.status === 0) return { detail: 'all in Cargo.lock', state: 'ready' }
    return {
      command: ['cargo', ...FETCH].join(' '),
      detail: 'not all in Cargo.lock are here',
      state: 'needed',
      async apply() {
        await run('cargo', FETCH)
        return 'all in Cargo.lock'
      },
    }
  },
}
