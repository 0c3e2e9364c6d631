import { isMap, isScalar, isSeq } from 'yaml'
import { MARKER } from '../model/tree.ts'
import type { GeneratedSet } from './generated.ts'
import { jobReport, permissionItems, replacers, secretItems, variableItems } from './job.ts'
import { entriesIn, type Entry, itemsIn, lineAt, type Source, sourceOf, textOf, valueIn } from './nodes.ts'
import { type FileReport, type Item, type JobReport, shortText } from './report.ts'
import { stepItems } from './steps.ts'

/** No workflow of this size was ever written by hand. */
const MOST_CHARACTERS = 1 << 20
const MOST_STEPS = 10_000

/** What becomes of one workflow, or of one action of the repository. Nothing of it is run, and nothing is written. */
export function fileReport(file: string, text: string, generated: GeneratedSet): FileReport {
  if (text.startsWith(MARKER)) return { kind: 'generated', file }
  // Owners and settings of tools: there is no job in them, and the whole file is replaced or stays.
  if (/^\.github\/[^/]+$/u.test(file))
    return { kind: 'read', file, inTheWay: generated.files.includes(file), items: [], jobs: [] }
  const unreadable = (reason: string, line?: number): FileReport => ({
    kind: 'unreadable',
    file,
    reason,
    ...(line === undefined ? {} : { line }),
  })
  if (text.length > MOST_CHARACTERS) return unreadable(`it has more than ${MOST_CHARACTERS} characters`)
  const source = sourceOf(text)
  const [error] = source.document.errors
  if (error !== undefined)
    return unreadable(`not valid YAML: ${shortText(error.message)}`, source.lines.linePos(error.pos[0]).line)
  const { contents } = source.document
  const isAction = /(?:^|\/)action\.ya?ml$/u.test(file)
  const jobs = isAction ? [actionEntry(source)] : entriesIn(source, valueIn(source, contents, 'jobs'))
  if (jobs.length === 0 || !isMap(contents)) return unreadable('it has no jobs')
  const steps = jobs.reduce((sum, { value }) => sum + itemsIn(source, valueIn(source, value, 'steps')).length, 0)
  if (steps > MOST_STEPS) return unreadable(`it has more than ${MOST_STEPS} steps`)
  return {
    kind: 'read',
    file,
    inTheWay: generated.files.includes(file),
    items: isAction ? [] : workflowItems(source, generated),
    jobs: jobs.map((job) => (isAction ? actionReport(source, job, generated) : jobReport(source, job, generated))),
  }
}

function actionEntry(source: Source): Entry {
  const [runs] = entriesIn(source, source.document.contents).filter(({ key }) => key === 'runs')
  return runs ?? { key: 'runs', line: 1, value: undefined }
}

function actionReport(source: Source, { line, value }: Entry, generated: GeneratedSet): JobReport {
  const using = textOf(valueIn(source, value, 'using'))
  const items: Item[] =
    using === 'composite'
      ? stepItems(source, valueIn(source, value, 'steps'), generated)
      : [{ line, kind: 'action', text: `an action that runs on ${shortText(using ?? 'nothing')}`, verdict: 'unknown' }]
  return { id: 'runs', line, items, replacedBy: replacers(items) }
}

function workflowItems(source: Source, generated: GeneratedSet): Item[] {
  const others = entriesIn(source, source.document.contents).filter(({ key }) => key !== 'jobs')
  return [
    ...triggerItems(source, generated),
    ...others.flatMap((entry) => (entry.key === 'permissions' ? permissionItems(source, entry) : [])),
    ...others.flatMap(({ key, value }) => (key === 'env' ? variableItems(source, value) : [])),
    ...others.flatMap(({ value }) => secretItems(source, value)),
  ]
}

function triggerItems(source: Source, generated: GeneratedSet): Item[] {
  // YAML 1.1 reads the word `on` as true; GitHub and this parser do not.
  const on = valueIn(source, source.document.contents, 'on')
  if (isScalar(on) || isSeq(on)) {
    return itemsIn(source, on).map((node) =>
      triggerItem({ key: textOf(node) ?? '', line: lineAt(source, node), value: undefined }, new Map(), generated),
    )
  }
  return entriesIn(source, on).map((entry) => triggerItem(entry, filtersOf(source, entry), generated))
}

/** What a trigger is narrowed down by, and to what. */
type Filters = ReadonlyMap<string, readonly string[]>

function filtersOf(source: Source, { value }: Entry): Filters {
  return new Map(entriesIn(source, value).map((one) => [one.key, itemsIn(source, one.value).map((item) => textOf(item) ?? '')]))
}

/** The types that start a workflow for a pull request where none are named. */
const DEFAULT_TYPES: readonly string[] = ['opened', 'synchronize', 'reopened']

function triggerItem({ key, line }: Entry, filters: Filters, { events, runsForTags, mainBranch }: GeneratedSet): Item {
  const place = { line, kind: 'trigger' as const, text: shortText(key) }
  if (!events.includes(key)) return { ...place, verdict: 'left', note: 'no generated workflow starts for it' }
  if (key === 'push' && filters.has('tags') && !runsForTags) {
    return { ...place, verdict: 'left', note: 'no generated workflow starts for a tag' }
  }
  const types = filters.get('types') ?? []
  if (types.some((type) => !DEFAULT_TYPES.includes(type))) {
    return { ...place, verdict: 'unknown', note: `its types are not compared: ${shortText(types.join(', '))}` }
  }
  const branches = [...(filters.get('branches') ?? []), ...(filters.get('branches-ignore') ?? [])]
  if (branches.some((branch) => branch !== mainBranch)) {
    return {
      ...place,
      verdict: 'differs',
      note: `generated workflows start for ${mainBranch}, and not for ${shortText(branches.join(', '))}`,
    }
  }
  const hasPaths = filters.has('paths') || filters.has('paths-ignore')
  return { ...place, verdict: 'replaced', ...(hasPaths ? { note: 'the plan takes the place of path filters' } : {}) }
}
