import { environmentsOf } from '../document.ts'
import type { Rule } from '../rule.ts'

const SWITCHES = ['ACTIONS_RUNNER_DEBUG', 'ACTIONS_STEP_DEBUG', 'CI_DEBUG_SERVICES', 'CI_DEBUG_TRACE']

export const debugEnabled: Rule = {
  id: 'debug-enabled',
  title: 'Debug logs are not switched on in a file',
  why: 'Debug logs show what a step was given, masked only where GitHub knows that it is a secret. Switch them on for one run, by the button of that run.',
  corresponds: { poutine: 'debug_enabled' },
  severity: 'warning',
  remediation: { before: 'env:\n  ACTIONS_STEP_DEBUG: true', after: '# run it again with "Enable debug logging"' },
  check: (document) =>
    environmentsOf(document).flatMap(({ key, at, value }) =>
      SWITCHES.includes(key.toUpperCase()) && /^(?:true|1|on|yes)$/iu.test(value.text)
        ? [{ at, message: `${key} shows in the log what every step was given` }]
        : [],
    ),
}
