import { BROWSER, hasBrowser } from '../browser.mjs'
import { optionalStep } from './optional.mjs'
import { aptInstall, canUseApt } from './system.mjs'

/** @type {import('../types.d.ts').Step} */
export const browser = optionalStep({
  name: 'Browser for tests',
  otherwise: 'not found',
  partsOf: async (context) => {
    const { env, run } = context
    const install = aptInstall(await canUseApt(context), [BROWSER])
    return [
      {
        command: (install ?? []).map((words) => words.join(' ')).join(' && '),
        names: [BROWSER],
        ready: hasBrowser(env),
        ...(install === undefined ? { obstacle: `it was not found: sudo apt-get install ${BROWSER}` } : {}),
        async install() {
          for (const [program, ...args] of install ?? [])
            await run(/** @type {string} */ (program), args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
        },
      },
    ]
  },
})
