import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { conclusionOf, type Finding, findingLines } from '../core/doctor.ts'
import { offBy, switchWarning } from '../core/settings.ts'
import { examine } from '../io/examine.ts'
import { settingsOf } from './settings.ts'

/** `interlock cache doctor`: exit 1 where something is wrong or nothing shows that it is a cache, and 6 where nobody answers. */
export async function runDoctor(invocation: Invocation): Promise<Outcome> {
  const settings = settingsOf(invocation)
  const examined = await examine(settings, invocation.options['readOnly'] !== true)
  const { reached } = examined
  const findings = [...examined.findings, ...runsFindings(invocation.env)]
  const { healthy, text } = conclusionOf(findings)
  const off = offBy(invocation.env)
  return {
    status: reached ? (healthy ? EXIT.done : EXIT.checkFailed) : EXIT.environment,
    prose: [...findingLines(findings), '', off === undefined ? text : `${text}; runs leave it out`].join('\n'),
    data: { url: settings.url, healthy, reached, findings },
  }
}

/** What of the environment decides whether runs use the cache at all. */
function runsFindings(env: Invocation['env']): readonly Finding[] {
  const off = offBy(env)
  if (off !== undefined) return [{ check: 'runs', verdict: 'note', text: `${off} is set: runs leave the cache out` }]
  const warning = switchWarning(env)
  return warning === undefined ? [] : [{ check: 'runs', verdict: 'note', text: warning }]
}
