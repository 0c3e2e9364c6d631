import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What tests start, in an environment of Python: services on loop-back, and clients of ours. */
export const SERVICES_FOLDER = '.tools/services/python'
export const SERVICES_LOCK = 'apps/cache-server/services.lock'

/**
 * The services that the lock was made for, with their versions.
 *
 * @param {string} root
 * @returns {readonly string[]}
 */
export function readServices(root) {
  const text = readFileSync(join(root, SERVICES_LOCK), 'utf8')
  const names = ['moto', 'sccache'].flatMap((name) => {
    const version = new RegExp(`^${name}==(\\S+)`, 'm').exec(text)?.[1]
    return version === undefined ? [] : [`${name} ${version}`]
  })
  if (names.length === 0) throw new Error(`${SERVICES_LOCK} names no service`)
  return names
}

/**
 * The Python that runs them, whether or not it is there.
 *
 * @param {Pick<import('./types.d.ts').Context, 'root' | 'platform'>} context
 */
export function pythonOfServices({ root, platform }) {
  return join(root, SERVICES_FOLDER, ...(platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
}
