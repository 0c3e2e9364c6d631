import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @type {import('../types.d.ts').Step} */
export const node = {
  name: 'Node',
  async inspect({ root }) {
    const range = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node
    const version = process.versions.node
    if (satisfies(version, range)) return { detail: version, state: 'ready' }
    return {
      detail: `Node ${version} is too old or unsupported: this repository needs ${range}`,
      hint: 'install Node 24, 22 or at least 20.19, for example with nvm, fnm or your system’s packages, then run the same command again',
      state: 'missing',
    }
  },
}

/**
 * Whether a version lies in a range of `^1.2.3` and `>=1.2.3` joined by `||`: all that `engines` here uses, because
 * semver itself is not installed yet.
 *
 * @param {string} version
 * @param {string} range
 */
export function satisfies(version, range) {
  return range.split('||').some((part) => {
    const match = /^(\^|>=)(\d+)\.(\d+)\.(\d+)$/.exec(part.trim())
    if (match === null) throw new TypeError(`package.json: engines.node: cannot read ${JSON.stringify(part)}`)
    const wanted = match.slice(2).map(Number)
    const actual = version.split(/[.-]/).slice(0, 3).map(Number)
    return compareVersions(actual, wanted) >= 0 && (match[1] === '>=' || actual[0] === wanted[0])
  })
}

/**
 * @param {readonly number[]} left
 * @param {readonly number[]} right
 * @returns {number} negative, zero or positive
 */
export function compareVersions(left, right) {
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
