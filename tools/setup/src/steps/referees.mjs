import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { SetupError } from '../error.mjs'
import { capture } from '../processes.mjs'
import { placeOf, readReferees } from '../referees.mjs'
import { digestOf, readStamp, writeStamp } from '../stamp.mjs'
import { pythonsOf } from './environments.mjs'
import { compareVersions } from './node.mjs'

/** The oldest that check-jsonschema works with. */
const OLDEST_PYTHON = [3, 11, 0]
const LOCK = ['tools', 'workflows', 'referees.lock']

/** @typedef {import('../types.d.ts').Context} Context @typedef {import('../referees.mjs').Referee} Referee */

/**
 * Referees that are installed together.
 *
 * @typedef {object} Part
 * @property {readonly Referee[]} referees
 * @property {boolean} ready
 * @property {string} command what a person would type
 * @property {string} [obstacle] why they cannot be installed here
 * @property {() => Promise<void>} install
 */

/** The only step that may fail: what is missing is then reported as not run by everything that wants it. @type {import('../types.d.ts').Step} */
export const referees = {
  name: 'Referees of the workflows',
  async inspect(context) {
    const parts = await partsOf(context)
    const detail = namesOf(parts.filter(({ ready }) => ready))
    const blocked = parts.filter(({ ready, obstacle }) => !ready && obstacle !== undefined)
    const notes = blocked.flatMap((part) => notRun(part, part.obstacle ?? ''))
    const open = parts.filter(({ ready, obstacle }) => !ready && obstacle === undefined)
    if (open.length === 0) return { detail: detail === '' ? 'none' : detail, notes, state: 'ready' }
    return {
      command: open.map(({ command }) => command).join('\n'),
      detail: `${namesOf(open)}: not installed, or not as tools/workflows/referees.json says`,
      notes,
      state: 'needed',
      apply: async () => installAll(parts, open),
    }
  },
}

/** @param {readonly Part[]} parts @param {readonly Part[]} open */
async function installAll(parts, open) {
  /** @type {Part[]} */
  const failed = []
  for (const part of open) {
    try {
      await part.install()
    } catch (error) {
      // 128 and more is a signal: somebody wants set-up to end.
      if (!(error instanceof SetupError) || error.status >= 128) throw error
      console.error(error.message)
      failed.push(part)
    }
  }
  const there = parts.filter((part) => part.ready || (open.includes(part) && !failed.includes(part)))
  return {
    detail: there.length === 0 ? 'none' : namesOf(there),
    notes: failed.flatMap((part) => notRun(part, 'its installation failed; the reason is above')),
  }
}

/** @param {Context} context @returns {Promise<readonly Part[]>} */
async function partsOf(context) {
  const all = readReferees(context.root)
  const ofGo = all.filter(({ registry }) => registry === 'go').map((referee) => goPart(referee, context))
  const withoutGo = ofGo.some(({ ready }) => !ready) && !(await hasGo(context)) ? { obstacle: 'there is no Go here' } : {}
  const ofPython = await pythonPart(
    all.filter(({ registry }) => registry === 'pypi'),
    context,
  )
  return [ofPython, ...ofGo.map((part) => ({ ...part, ...withoutGo }))]
}

/** @param {readonly Referee[]} all @param {Context} context @returns {Promise<Part>} */
async function pythonPart(all, context) {
  const { root, run } = context
  const lock = join(root, ...LOCK)
  const programs = all.map((referee) => placeOf(referee, context))
  const home = join(root, '.tools', 'referees', 'python')
  const stamp = join(home, '.interlock-setup')
  const pythons = [...(await pythonsOf(context)).values()]
  const python = pythons.findLast(({ version }) => compareVersions(version.split('.').map(Number), OLDEST_PYTHON) >= 0)
  const digest = digestOf([lock], [python?.version ?? '', python?.path ?? ''])
  const folder = relative(root, home).replaceAll('\\', '/')
  return {
    command: `uv venv ${folder} && uv pip sync --require-hashes --python ${folder} ${LOCK.join('/')}`,
    ready: programs.every((program) => existsSync(program)) && readStamp(stamp) === digest,
    referees: all,
    ...(python === undefined ? { obstacle: 'there is no Python 3.11 or newer here' } : {}),
    async install() {
      if (python === undefined) return
      const uv = context.uv ?? 'uv'
      await run(uv, ['venv', '--quiet', '--clear', '--no-project', '--python', python.path, home])
      await run(uv, ['pip', 'sync', '--quiet', '--require-hashes', '--python', home, lock])
      writeStamp(stamp, digest)
    },
  }
}

/** @param {Referee} referee @param {Context} context @returns {Part} */
function goPart(referee, context) {
  const { name, version, sum = '' } = referee
  const place = placeOf(referee, context)
  const stamp = join(dirname(place), `.${name}-setup`)
  const digest = digestOf([], [referee.package, version, sum])
  return {
    command: `GOBIN=.tools/referees/bin go install ${referee.package}@v${version}`,
    ready: existsSync(place) && readStamp(stamp) === digest,
    referees: [referee],
    async install() {
      mkdirSync(dirname(place), { recursive: true })
      // Without GOTOOLCHAIN an older Go would download a newer one.
      const env = { GOBIN: dirname(place), GOTOOLCHAIN: 'local' }
      await context.run('go', ['install', `${referee.package}@v${version}`], { env })
      await expectSum(referee, place, context)
      writeStamp(stamp, digest)
    },
  }
}

/** Go writes into each program what it was built from. @param {Referee} referee @param {string} place @param {Context} context */
async function expectSum({ name, version, sum }, place, { root, env }) {
  const built = await capture('go', ['version', '-m', place], { cwd: root, env })
  const found = /^\tmod\t\S+\t(\S+)\t(\S+)/m.exec(built.stdout)?.slice(1).join(' ')
  if (found === `v${version} ${sum}`) return
  rmSync(place, { force: true })
  throw new SetupError(
    `setup: ${name} was built from ${found ?? 'nobody knows what'}, and tools/workflows/referees.json says v${version} ${sum}`,
    'do not use it before somebody has found out why',
  )
}

/** @param {Context} context */
async function hasGo({ root, env }) {
  return (await capture('go', ['version'], { cwd: root, env })).status === 0
}

/** @param {readonly Part[]} parts */
function namesOf(parts) {
  return parts.flatMap((part) => part.referees.map(({ name, version }) => `${name} ${version}`)).join(', ')
}

/** @param {Part} part @param {string} why */
function notRun(part, why) {
  return part.referees.map(({ name, version }) => `${name} ${version}: not run, because ${why}`)
}
