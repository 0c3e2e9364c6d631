import { existsSync, readFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

/**
 * The programs that judge one thing.
 *
 * @typedef {object} Catalogue
 * @property {string} judged what they judge
 * @property {string} file in the clone, with forward slashes
 * @property {string} lock hashes of those that are written in Python
 * @property {string} folder the environment of those
 */

/** @satisfies {Record<string, Catalogue>} */
export const CATALOGUES = /** @type {const} */ ({
  proxy: {
    file: 'apps/proxy/referees.json',
    folder: '.tools/referees/proxy',
    judged: 'the proxy',
    lock: 'apps/proxy/referees.lock',
  },
  workflows: {
    file: 'tools/workflows/referees.json',
    folder: '.tools/referees/python',
    judged: 'the workflows',
    lock: 'tools/workflows/referees.lock',
  },
})

/**
 * A program that judges what is made here and was not written here.
 *
 * @typedef {object} Referee
 * @property {string} name what it is called on a command line
 * @property {string} version
 * @property {'pypi' | 'go'} registry
 * @property {string} package
 * @property {string} [sum] of its Go module, as Go's checksum database has it
 * @property {string} [folder] the environment of one that is written in Python
 */

/** @param {string} root @param {Catalogue} catalogue @returns {readonly Referee[]} */
export function readReferees(root, { file, folder } = CATALOGUES.workflows) {
  return Object.entries(JSON.parse(readFileSync(join(root, file), 'utf8'))).map(([name, given]) => ({ ...given, folder, name }))
}

/**
 * Where set-up puts a referee. Tests and `@interlock/workflows` look there before they look on PATH.
 *
 * @param {Pick<Referee, 'name' | 'registry' | 'folder'>} referee
 * @param {Pick<import('./types.d.ts').Context, 'root' | 'platform'>} context
 */
export function placeOf({ name, registry, folder = CATALOGUES.workflows.folder }, { root, platform }) {
  const windows = platform === 'win32'
  const place = registry === 'go' ? ['.tools', 'referees', 'bin'] : [folder, windows ? 'Scripts' : 'bin']
  return join(root, ...place, windows ? `${name}.exe` : name)
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
