import { join } from 'node:path'
import { interlock } from './interlock.mjs'

/**
 * What CI checks about the workspace as a whole, before any project's own targets. Each is a plain command.
 *
 * @param {string} root
 * @returns {readonly { name: string, command: readonly [string, ...string[]] }[]}
 */
export function workspaceChecks(root) {
  const local = (/** @type {string[]} */ ...path) => join(root, 'node_modules', ...path)
  return [
    {
      command: [process.execPath, join(root, 'tools', 'setup', 'complete-lock.mjs'), '--check'],
      name: 'package-lock.json names every platform',
    },
    {
      command: [process.execPath, local('nx', 'dist', 'bin', 'nx.js'), 'sync:check'],
      name: 'closures.json is what the lock files say (nx sync:check)',
    },
    { command: interlock(root, ['doctor']), name: 'nothing can make a green signal wrong (interlock doctor)' },
    { command: [process.execPath, local('knip', 'bin', 'knip.js')], name: 'no dead file, export or dependency (knip)' },
  ]
}
