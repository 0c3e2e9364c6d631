import { SetupError } from './error.mjs'
import { browser } from './steps/browser.mjs'
import { crates } from './steps/crates.mjs'
import { environments } from './steps/environments.mjs'
import { git } from './steps/git.mjs'
import { node } from './steps/node.mjs'
import { packages } from './steps/packages.mjs'
import { referees, refereesOfProxy } from './steps/referees.mjs'
import { rust } from './steps/rust.mjs'
import { services } from './steps/services.mjs'
import { system } from './steps/system.mjs'
import { uv } from './steps/uv.mjs'

/** @typedef {import('./types.d.ts').Context} Context @typedef {import('./types.d.ts').Step} Step */

/** In the order in which they need each other: npm packages come before uv, which is linked into them. */
export const STEPS = [node, git, rust, crates, system, packages, uv, environments, referees, refereesOfProxy, services, browser]

/**
 * Says what every step needs and changes nothing.
 *
 * @param {readonly Step[]} steps
 * @param {Context} context
 * @param {(line: string) => void} print
 * @returns {Promise<number>} how many steps are not ready
 */
export async function checkAll(steps, context, print) {
  let open = 0
  for (const step of steps) {
    const finding = await step.inspect(context)
    if (finding.state === 'ready') print(`ok       ${step.name}: ${finding.detail}`)
    else {
      open += 1
      print(`missing  ${step.name}: ${finding.detail}`)
      const cure = finding.state === 'needed' ? ['npm run setup, or by hand:', ...finding.command.split('\n')] : [finding.hint]
      cure.forEach((line) => print(`           ${line}`))
    }
    if (finding.state !== 'missing') finding.notes?.forEach((note) => print(`note     ${note}`))
  }
  return open
}

/**
 * Makes every step ready, one after the other, and says what it took.
 *
 * @param {readonly Step[]} steps
 * @param {Context} context
 * @param {(line: string) => void} print
 * @returns {Promise<readonly string[]>} what will be reported as not run
 */
export async function setUpAll(steps, context, print) {
  /** @type {string[]} */
  const notes = []
  for (const step of steps) {
    const begin = performance.now()
    const finding = await step.inspect(context)
    if (finding.state === 'missing') throw new SetupError(`${step.name}: ${finding.detail}`, finding.hint)
    notes.push(...(finding.notes ?? []))
    if (finding.state === 'ready') {
      print(`✔ ${step.name}: ${finding.detail} (${seconds(begin)})`)
      continue
    }
    print(`• ${step.name}: ${finding.detail}`)
    finding.command.split('\n').forEach((line) => print(`  $ ${line}`))
    const applied = await finding.apply()
    const { detail, notes: more } = typeof applied === 'string' ? { detail: applied, notes: [] } : applied
    notes.push(...more)
    print(`✔ ${step.name}: ${detail} (${seconds(begin)})`)
  }
  notes.forEach((note) => print(`! ${note}`))
  return notes
}

/** @param {number} begin */
function seconds(begin) {
  return `${((performance.now() - begin) / 1000).toFixed(1)} s`
}
