import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { checkPins, type Places, unknownOffline } from '../core/pins/check.ts'
import type { Entry } from '../core/pins/entries.ts'
import { type NotChecked, type PinFinding, sentenceOf } from '../core/pins/finding.ts'
import type { Use } from '../core/pins/uses.ts'
import { checkOnline } from '../io/pins/check-online.ts'
import { pinPlaces } from '../io/pins/places.ts'
import { workspaceUses } from '../io/pins/workspace-uses.ts'
import { eachRemote, plural } from './pins-remotes.ts'

/** Whether the workspace uses what the catalogue has, and nothing else; with `--online` also what the network says of it. */
export async function runPinsCheck(invocation: Invocation, entries: readonly Entry[]): Promise<Outcome> {
  const { root, options } = invocation
  const isOnline = options['online'] === true
  const places = pinPlaces(root)
  const scan = workspaceUses(root)
  const online = isOnline ? await askAll(invocation, { entries, uses: scan.uses, places }) : { findings: [], notChecked: [] }
  const findings = [...scan.findings, ...checkPins(scan.uses, entries, places), ...online.findings]
  const notChecked = isOnline ? online.notChecked : unknownOffline(entries)
  return {
    status: findings.length > 0 ? EXIT.checkFailed : online.notChecked.length > 0 ? EXIT.inconclusive : EXIT.done,
    prose: [
      ...findings.map(sentenceOf),
      ...notChecked.map(({ what, reason }) => `not checked: ${what} (${reason})`),
      '',
      `${plural(scan.uses.length, 'use')} of ${plural(entries.length, 'repository', 'repositories')}: ${plural(findings.length, 'finding')}, ${notChecked.length} not checked`,
    ]
      .join('\n')
      .trimStart(),
    data: { uses: scan.uses.length, findings, notChecked },
  }
}

interface Questions {
  readonly entries: readonly Entry[]
  readonly uses: readonly Use[]
  readonly places: Places
}

async function askAll(
  invocation: Invocation,
  { entries, uses, places }: Questions,
): Promise<{ readonly findings: readonly PinFinding[]; readonly notChecked: readonly NotChecked[] }> {
  const results = await eachRemote(invocation, entries, (remote, entry) => checkOnline(remote, entry, uses))
  return {
    findings: results.flatMap(({ entry, result }) =>
      result.kind === 'checked' ? result.messages.map((message) => ({ ...places.ofEntry(entry), message })) : [],
    ),
    notChecked: results.flatMap(({ entry, result }) =>
      result.kind === 'not-checked' ? [{ what: `${entry.repository} ${entry.version}`, reason: result.reason }] : [],
    ),
  }
}
