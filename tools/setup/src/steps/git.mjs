import { capture } from '../processes.mjs'

/** @type {import('../types.d.ts').Step} */
export const git = {
  name: 'git',
  async inspect({ root, env }) {
    const version = await capture('git', ['--version'], { cwd: root, env })
    if (version.status !== 0) {
      return {
        detail: 'git was not found',
        hint: 'install git (Debian: apt-get install git; macOS: xcode-select --install)',
        state: 'missing',
      }
    }
    const inside = await capture('git', ['rev-parse', '--is-inside-work-tree'], { cwd: root, env })
    if (inside.status === 0) return { detail: version.stdout.trim(), state: 'ready' }
    const reason = inside.stderr.trim().split('\n')[0] ?? ''
    return {
      detail: `this folder is not a usable git clone: ${reason}`,
      hint: reason.includes('dubious ownership')
        ? 'git config --global --add safe.directory "$PWD"'
        : 'clone the repository with git: what a change affects is read from its history',
      state: 'missing',
    }
  },
}
