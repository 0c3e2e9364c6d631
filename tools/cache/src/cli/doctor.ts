import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { conclusionOf, findingLines } from '../core/doctor.ts'
import { examine } from '../io/examine.ts'
import { settingsOf } from './settings.ts'

/** `interlock cache doctor`: exit 1 where something is wrong or nothing shows that it is a cache, and 6 where nobody answers. */
export async function runDoctor(invocation: Invocation): Promise<Outcome> {
  const settings = settingsOf(invocation)
  const { reached, findings } = await examine(settings, invocation.options['readOnly'] !== true)
  const { healthy, text } = conclusionOf(findings)
  return {
    status: reached ? (healthy ? EXIT.done : EXIT.checkFailed) : EXIT.environment,
    prose: [...findingLines(findings), '', text].join('\n'),
    data: { url: settings.url, healthy, reached, findings },
  }
}
