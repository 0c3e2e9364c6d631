import { SetupError } from '../error.mjs'

/** @typedef {import('../types.d.ts').Context} Context */

/**
 * Programs that are installed together.
 *
 * @typedef {object} Part
 * @property {readonly string[]} names with their versions
 * @property {boolean} ready
 * @property {string} command what a person would type
 * @property {string} [obstacle] why they cannot be installed here
 * @property {() => Promise<void>} install
 */

/**
 * A step that may fail: what is missing is then reported as not run by everything that wants it.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {(context: Context) => Promise<readonly Part[]>} options.partsOf
 * @param {string} options.otherwise what is so with programs that are not ready
 * @returns {import('../types.d.ts').Step}
 */
export function optionalStep({ name, partsOf, otherwise }) {
  return {
    name,
    async inspect(context) {
      const parts = await partsOf(context)
      const detail = namesOf(parts.filter(({ ready }) => ready))
      const blocked = parts.filter(({ ready, obstacle }) => !ready && obstacle !== undefined)
      const notes = blocked.flatMap((part) => notRun(part, part.obstacle ?? ''))
      const open = parts.filter(({ ready, obstacle }) => !ready && obstacle === undefined)
      if (open.length === 0) return { detail: detail === '' ? 'none' : detail, notes, state: 'ready' }
      return {
        command: open.map(({ command }) => command).join('\n'),
        detail: `${namesOf(open)}: ${otherwise}`,
        notes,
        state: 'needed',
        apply: async () => installAll(parts, open),
      }
    },
  }
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

/** @param {readonly Part[]} parts */
function namesOf(parts) {
  return parts.flatMap(({ names }) => names).join(', ')
}

/** @param {Part} part @param {string} why */
function notRun({ names }, why) {
  return names.map((name) => `${name}: not run, because ${why}`)
}
