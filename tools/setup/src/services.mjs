import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Services that tests start on loop-back, in an environment of Python. */
export const SERVICES_FOLDER = '.tools/services/python'
export const SERVICES_LOCK = 'apps/cache-server/services.lock'

/**
 * The services that the lock was made for, with their versions.
 *
 * @param {string} root
 * @returns {readonly string[]}
 */
export function readServices(root) {
  const version = /^moto==(\S+)/m.exec(readFileSync(join(root, SERVICES_LOCK), 'utf8'))?.[1]
  if (version === undefined) throw new Error(`${SERVICES_LOCK} names no version of moto`)
  return [`moto ${version}`]
}

/**
 * The Python that runs them, whether or not it is there.
 *
 * @param {Pick<import('./types.d.ts').Context, 'root' | 'platform'>} context
 */
export function pythonOfServices({ root, platform }) {
  return join(root, SERVICES_FOLDER, ...(platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
}
