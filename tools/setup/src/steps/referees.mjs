import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError } from '../error.mjs'
import { capture } from '../processes.mjs'
import { placeOf, readReferees } from '../referees.mjs'
import { digestOf, readStamp, writeStamp } from '../stamp.mjs'
import { lockedPython } from './locked-python.mjs'
import { optionalStep } from './optional.mjs'

const LOCK = ['tools', 'workflows', 'referees.lock']

/** @typedef {import('../types.d.ts').Context} Context @typedef {import('../referees.mjs').Referee} Referee @typedef {import('./optional.mjs').Part} Part */

/** @type {import('../types.d.ts').Step} */
export const referees = optionalStep({
  name: 'Referees of the workflows',
  partsOf,
  otherwise: 'not installed, or not as tools/workflows/referees.json says',
})

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
  return lockedPython(context, {
    folder: '.tools/referees/python',
    lock: LOCK.join('/'),
    names: all.map(nameOf),
    programs: all.map((referee) => placeOf(referee, context)),
  })
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
    names: [nameOf(referee)],
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

/** @param {Referee} referee */
function nameOf({ name, version }) {
  return `${name} ${version}`
}
