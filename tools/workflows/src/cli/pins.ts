import type { Invocation, Outcome } from '@interlock/cli'
import { alignedRows, EXIT, InterlockError, readConfig } from '@interlock/kit'
import { type Entry, entriesOf } from '../core/pins/entries.ts'
import { actionName } from '../core/model/action-name.ts'
import type { Pin } from '../core/model/pin.ts'
import { PINS } from '../core/pipeline/pins.ts'
import { ciSection } from '../core/pipeline/section.ts'
import { runPinsCheck } from './pins-check.ts'
import { runPinsUpdate } from './pins-update.ts'

/** `interlock ci pins`: which third-party actions are used, whether that is so, and what is newer. */
export async function runPins(invocation: Invocation): Promise<Outcome> {
  const { options, root } = invocation
  const [check, update, online, write] = ['check', 'update', 'online', 'write'].map((name) => options[name] === true)
  if (check === true && update === true) throw usage('--check and --update are two questions: ask one at a time')
  if (online === true && check !== true) throw usage('--online belongs to --check; --update always asks the network')
  if (write === true && update !== true) throw usage('--write belongs to --update')
  const catalogue: readonly Pin[] = Object.values(PINS)
  const entries = entriesOf(catalogue, readConfig(root, { ci: ciSection }).config.ci.pins)
  if (check === true) return runPinsCheck(invocation, entries)
  if (update === true) return runPinsUpdate(invocation, entries)
  return { status: EXIT.done, prose: proseOf(entries), data: { pins: entries.flatMap(pinsOf) } }
}

function usage(message: string): InterlockError {
  return new InterlockError('USAGE', message, { hint: 'interlock ci pins --help' })
}

/** An action as it is listed; what is only known of another version is left out. */
function pinsOf({ actions, ...entry }: Entry): object[] {
  const { repository, version, sha, reviewed, source } = entry
  const facts = { repository, version, sha, reviewed, source }
  if (source === 'workspace') return [{ action: repository, ...facts }]
  return actions.map((pin) => ({
    action: actionName(pin),
    ...facts,
    runtime: pin.runtime,
    nested: pin.nested,
    inputs: pin.inputs,
  }))
}

function proseOf(entries: readonly Entry[]): string {
  const rows = entries.flatMap(({ source, actions, repository, version, sha, reviewed }) => {
    if (source === 'workspace') return [[repository, version, sha, '?', `${reviewed} (interlock.yaml)`]]
    return actions.map((pin) => [actionName(pin), version, sha, pin.runtime, reviewed])
  })
  return alignedRows([['action', 'version', 'commit', 'runs on', 'reviewed'], ...rows]).join('\n')
}
