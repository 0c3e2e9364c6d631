import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { findingLines } from '../core/doctor.ts'
import { examine } from '../io/examine.ts'
import { settingsOf } from './settings.ts'

/** `interlock cache doctor`: exit 1 where something is wrong, and 6 where nobody answers. */
export async function runDoctor(invocation: Invocation): Promise<Outcome> {
  const settings = settingsOf(invocation)
  const { reached, findings } = await examine(settings, invocation.options['readOnly'] !== true)
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length
  const status = reached ? (bad === 0 ? EXIT.done : EXIT.checkFailed) : EXIT.environment
  const sum = bad === 0 ? 'this machine can use the cache' : `${bad} of ${findings.length} checks ${bad === 1 ? 'is' : 'are'} bad`
  return {
    status,
    prose: [...findingLines(findings), '', sum].join('\n'),
    data: { url: settings.url, healthy: bad === 0, reached, findings },
  }
}
