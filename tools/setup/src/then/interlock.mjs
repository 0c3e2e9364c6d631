import { join } from 'node:path'

/**
 * How the `interlock` command of this clone is started, without a shell.
 *
 * @param {string} root
 * @param {readonly string[]} args
 * @returns {[string, ...string[]]}
 */
export function interlock(root, args) {
  return [process.execPath, join(root, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js'), ...args]
}
