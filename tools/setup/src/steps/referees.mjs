import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SetupError } from '../error.mjs'
import { capture } from '../processes.mjs'
import { CATALOGUES, placeOf, readReferees } from '../referees.mjs'
import { digestOf, readStamp, writeStamp } from '../stamp.mjs'
import { lockedPython } from './locked-python.mjs'
import { optionalStep } from './optional.mjs'

/** @typedef {import('../types.d.ts').Context} Context @typedef {import('../referees.mjs').Catalogue} Catalogue @typedef {import('../referees.mjs').Referee} Referee @typedef {import('./optional.mjs').Part} Part */

export const referees = stepOf(CATALOGUES.workflows)
export const refereesOfProxy = stepOf(CATALOGUES.proxy)

/** @param {Catalogue} catalogue */
function stepOf(catalogue) {
  return optionalStep({
    name: `Referees of ${catalogue.judged}`,
    partsOf: async (context) => partsOf(context, catalogue),
    otherwise: `not installed, or not as ${catalogue.file} says`,
  })
}

/** @param {Context} context @param {Catalogue} catalogue @returns {Promise<readonly Part[]>} */
async function partsOf(context, catalogue) {
  const all = readReferees(context.root, catalogue)
  const ofGo = all.filter(({ registry }) => registry === 'go').map((referee) => goPart(referee, context, catalogue))
  const withoutGo = ofGo.some(({ ready }) => !ready) && !(await hasGo(context)) ? { obstacle: 'there is no Go here' } : {}
  const ofPython = await pythonPart(
    all.filter(({ registry }) => registry === 'pypi'),
    context,
    catalogue,
  )
  return [ofPython, ...ofGo.map((part) => ({ ...part, ...withoutGo }))]
}

/** @param {readonly Referee[]} all @param {Context} context @param {Catalogue} catalogue @returns {Promise<Part>} */
async function pythonPart(all, context, { folder, lock }) {
  return lockedPython(context, {
    folder,
    lock,
    names: all.map(nameOf),
    programs: all.map((referee) => placeOf(referee, context)),
  })
}

/** @param {Referee} referee @param {Context} context @param {Catalogue} catalogue @returns {Part} */
function goPart(referee, context, { file }) {
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
      await expectSum(referee, { context, file, place })
      writeStamp(stamp, digest)
    },
  }
}

/** Go writes into each program what it was built from. @param {Referee} referee @param {{ context: Context, file: string, place: string }} built */
async function expectSum({ name, version, sum }, { context: { root, env }, file, place }) {
  const built = await capture('go', ['version', '-m', place], { cwd: root, env })
  const found = /^\tmod\t\S+\t(\S+)\t(\S+)/m.exec(built.stdout)?.slice(1).join(' ')
  if (found === `v${version} ${sum}`) return
  rmSync(place, { force: true })
  throw new SetupError(
    `setup: ${name} was built from ${found ?? 'nobody knows what'}, and ${file} says v${version} ${sum}`,
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
