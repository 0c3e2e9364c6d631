import { existsSync, readFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

/**
 * A program that judges workflows and was not written here.
 *
 * @typedef {object} Referee
 * @property {string} name what it is called on a command line
 * @property {string} version
 * @property {'pypi' | 'go'} registry
 * @property {string} package
 * @property {string} [sum] of its Go module, as Go's checksum database has it
 */

/** @param {string} root @returns {readonly Referee[]} */
export function readReferees(root) {
  const file = join(root, 'tools', 'workflows', 'referees.json')
  return Object.entries(JSON.parse(readFileSync(file, 'utf8'))).map(([name, given]) => ({ ...given, name }))
}

/**
 * Where set-up puts a referee. `@interlock/workflows` looks there before it looks on PATH.
 *
 * @param {Pick<Referee, 'name' | 'registry'>} referee
 * @param {Pick<import('./types.d.ts').Context, 'root' | 'platform'>} context
 */
export function placeOf({ name, registry }, { root, platform }) {
  const windows = platform === 'win32'
  const folder = registry === 'go' ? ['bin'] : ['python', windows ? 'Scripts' : 'bin']
  return join(root, '.tools', 'referees', ...folder, windows ? `${name}.exe` : name)
}

/**
 * The program that tests would run, where there is one.
 *
 * @param {Referee} referee
 * @param {Pick<import('./types.d.ts').Context, 'root' | 'platform' | 'env'>} context
 */
export function programOf(referee, context) {
  const own = placeOf(referee, context)
  const folders = (context.env['PATH'] ?? context.env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return [own, ...folders.map((folder) => join(folder, basename(own)))].find((place) => existsSync(place))
}
