import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { alignedRows, CONFIG_FILE, configText, EXIT } from '@interlock/kit'
import { editYaml } from '@interlock/kit/edit'
import { writeWhole } from '@interlock/nx'
import type { Entry } from '../core/pins/entries.ts'
import { type NotChecked, type PinFinding, sentenceOf } from '../core/pins/finding.ts'
import { COOLDOWN_DAYS } from '../core/pins/update.ts'
import { type NewerResult, newerThan, type Proposal } from '../io/pins/newer.ts'
import { pinPlaces } from '../io/pins/places.ts'
import { workspaceUses } from '../io/pins/workspace-uses.ts'
import { eachRemote } from './pins-remotes.ts'

interface Answers {
  readonly proposals: readonly Proposal[]
  readonly passedOver: readonly string[]
  readonly findings: readonly PinFinding[]
  readonly notChecked: readonly NotChecked[]
  /** Repositories that answered, and have nothing newer that could be taken. */
  readonly newest: readonly string[]
}

/** What is newer than the pins, and has been out for a week. `--write` takes what needs no person into interlock.yaml. */
export async function runPinsUpdate(invocation: Invocation, entries: readonly Entry[]): Promise<Outcome> {
  const { root, options } = invocation
  const now = new Date()
  const { uses } = workspaceUses(root)
  const results = await eachRemote(invocation, entries, (remote, entry) => newerThan(remote, { entry, uses, now }))
  const answers = answersOf(root, results)
  const written =
    options['write'] === true ? answers.proposals.filter(({ newMajor, problems }) => !newMajor && problems.length === 0) : []
  if (written.length > 0) write(root, written, now)
  return {
    status: statusOf(answers),
    prose: proseOf(answers, written),
    data: { ...answers, written: written.map(({ repository }) => repository) },
  }
}

function answersOf(root: string, results: readonly { readonly entry: Entry; readonly result: NewerResult }[]): Answers {
  const places = pinPlaces(root)
  const checked = results.flatMap(({ entry, result }) => (result.kind === 'checked' ? [{ entry, ...result }] : []))
  return {
    proposals: checked.flatMap(({ proposals }) => proposals),
    passedOver: checked.flatMap(({ passedOver }) => passedOver),
    newest: checked.filter(({ proposals }) => proposals.length === 0).map(({ entry }) => entry.repository),
    findings: results.flatMap(({ entry, result }) =>
      result.kind === 'finding' ? [{ ...places.ofEntry(entry), message: result.message }] : [],
    ),
    notChecked: results.flatMap(({ entry, result }) =>
      result.kind === 'not-checked' ? [{ what: `${entry.repository} ${entry.version}`, reason: result.reason }] : [],
    ),
  }
}

function statusOf({ findings, notChecked }: Answers): number {
  if (findings.length > 0) return EXIT.checkFailed
  return notChecked.length > 0 ? EXIT.inconclusive : EXIT.done
}

function write(root: string, proposals: readonly Proposal[], now: Date): void {
  const reviewed = `${now.toISOString().slice(0, 10)}, tag and commit read by interlock ci pins`
  const edits = proposals.map(({ repository, to, sha }) => ({
    kind: 'set' as const,
    path: ['ci', 'pins', repository],
    value: { version: to, sha, reviewed },
  }))
  writeWhole(join(root, CONFIG_FILE), editYaml(configText(root) ?? '', edits, { file: CONFIG_FILE }))
}

function proseOf({ proposals, passedOver, findings, notChecked, newest }: Answers, written: readonly Proposal[]): string {
  const [same, major] = [false, true].map((wanted) => proposals.filter(({ newMajor }) => newMajor === wanted))
  const sections = [
    findings.map(sentenceOf),
    titled('newer:', same ?? []),
    titled('a new major version, to be read first:', major ?? []),
    passedOver.map((text) => `${text}: it waits (${COOLDOWN_DAYS} days)`),
    newest.map((repository) => `${repository} has nothing newer to propose`),
    notChecked.map(({ what, reason }) => `not checked: ${what} (${reason})`),
    written.map(({ repository, to }) => `wrote ${repository} ${to} into ${CONFIG_FILE}`),
    hintOf(proposals, written),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function titled(title: string, proposals: readonly Proposal[]): string[] {
  if (proposals.length === 0) return []
  const rows = alignedRows(
    proposals.map(({ repository, from, to, sha, claimed }) => [`  ${repository}`, from, '->', to, sha, claimed]),
  )
  return [
    title,
    ...rows.flatMap((row, index) => [row, ...(proposals[index]?.problems ?? []).map((problem) => `    look first: ${problem}`)]),
  ]
}

function hintOf(proposals: readonly Proposal[], written: readonly Proposal[]): string[] {
  if (written.length > 0) return ['hint: npx interlock ci generate, and look at what changed in the repositories that are named']
  return proposals.length > 0 ? [`hint: --write takes what is not to be looked at first into ${CONFIG_FILE}`] : []
}
