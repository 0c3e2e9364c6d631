import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The cases of abuse and faults that the cache is tried with, one line each. Each is the beginning of the names of its tests; a
 * test in src/meta fails for a case without one. They are listed here, because Nx shows nothing of tests that pass.
 *
 * @param {string} root
 * @returns {readonly string[]}
 */
export function casesOfTheCache(root) {
  const cases = /** @type {readonly string[]} */ (
    JSON.parse(readFileSync(join(root, 'apps', 'cache-server', 'cases.json'), 'utf8'))
  )
  return cases.map((sentence, at) => `  cache-${String(at + 1).padStart(2, '0')}  ${sentence}`)
}
