import type { CacheStep, LocalAction } from '../model/types.ts'
import { PINS } from './pins.ts'

/** What the package managers have fetched before; each checks it against its lock file again. */
export const FETCHED: CacheStep = { kind: 'cache', name: 'Packages of earlier runs', action: 'packages' }

const FOLDERS = ['~/.npm', '~/.cargo/registry', '~/.cache/uv']
const LOCKS = ['package-lock.json', 'Cargo.lock', 'uv.lock', 'requirements.lock']

/** The store behind it. One that is older than the locks is better than none: what is missing in it is fetched. */
export const PACKAGES_ACTION: LocalAction = {
  id: FETCHED.action,
  description: 'Keeps what the package managers fetch',
  inputs: {},
  steps: [
    {
      kind: 'store',
      name: 'Packages',
      pin: PINS.cache,
      with: {
        path: `${FOLDERS.join('\n')}\n`,
        key: ['packages-', { expr: 'runner.os' }, '-', { expr: `hashFiles(${LOCKS.map((file) => `'${file}'`).join(', ')})` }],
        'restore-keys': ['packages-', { expr: 'runner.os' }, '-'],
      },
    },
  ],
}
