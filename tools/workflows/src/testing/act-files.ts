import { isMap, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from 'yaml'

/** What is done to generated files so that act can run them here. */
export interface ForAct {
  /** Texts by path, as they are generated. */
  readonly files: Readonly<Record<string, string>>
  readonly workflow: string
  /** What is run in the place of a command; `job` is empty in an action. */
  readonly standIn: (command: string, job: string) => string
  /** What the actions of others put out, by the name of their repository. */
  readonly actionOutputs?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface FilesForAct {
  readonly files: Readonly<Record<string, string>>
  /** Ids of the workflow's jobs. */
  readonly jobs: readonly string[]
  /** Those of them that run a command: a stand-in can break no other. */
  readonly breakable: readonly string[]
  /** Labels of the machines that they ask for. */
  readonly labels: readonly string[]
  /** Text of a stand-in for each action of others, by `owner/name@commit`. */
  readonly actions: Readonly<Record<string, string>>
}

/** Rewrites `$/` to `./`, which act does not know otherwise, and every command to its stand-in. Control flow stays as it is. */
export function filesForAct({ files, workflow, standIn, actionOutputs = {} }: ForAct): FilesForAct {
  const documents = Object.entries(files)
    .filter(([path]) => path.endsWith('.yml'))
    .map(([path, text]) => [path, parseDocument(text)] as const)
  const steps = documents.flatMap(([, document]) => stepsOf(document))
  for (const { step, job } of steps) {
    const command = step.get('run')
    if (typeof command === 'string') step.set('run', standIn(command, job))
    // act has the files of the run's own commit and no other.
    if (step.hasIn(['with', 'ref'])) step.deleteIn(['with', 'ref'])
  }
  for (const user of [
    ...steps.map(({ step }) => step),
    ...documents.flatMap(([, document]) => jobsOf(document).map(([, job]) => job)),
  ]) {
    const uses = user.get('uses')
    if (typeof uses === 'string' && uses.startsWith('$/')) user.set('uses', `.${uses.slice(1)}`)
  }
  const chosen = jobsOf(documents.find(([path]) => path === workflow)?.[1])
  return {
    files: Object.fromEntries(documents.map(([path, document]) => [path, document.toString({ lineWidth: 0 })])),
    jobs: chosen.map(([id]) => id),
    breakable: chosen.filter(([, job]) => stepNodes(job.get('steps')).some((step) => step.has('run'))).map(([id]) => id),
    labels: [...new Set(chosen.flatMap(([, job]) => labelsOf(job.toJSON() as { readonly 'runs-on'?: unknown })))],
    actions: actionsOf(
      steps.map(({ step }) => step.toJSON() as UsingStep),
      actionOutputs,
    ),
  }
}

interface PlacedStep {
  readonly step: YAMLMap
  readonly job: string
}

function stepsOf(document: Document): PlacedStep[] {
  const ofJobs = jobsOf(document).flatMap(([job, node]) => stepNodes(node.get('steps')).map((step) => ({ step, job })))
  return [...ofJobs, ...stepNodes(document.getIn(['runs', 'steps'])).map((step) => ({ step, job: '' }))]
}

function stepNodes(steps: unknown): YAMLMap[] {
  return isSeq(steps) ? steps.items.filter(isMap) : []
}

function jobsOf(document: Document | undefined): (readonly [string, YAMLMap])[] {
  const jobs = document?.get('jobs')
  if (!isMap(jobs)) return []
  return jobs.items.flatMap(({ key, value }) => (isScalar(key) && isMap(value) ? [[String(key.value), value] as const] : []))
}

function labelsOf({ 'runs-on': runsOn }: { readonly 'runs-on'?: unknown }): string[] {
  if (typeof runsOn === 'string') return [runsOn]
  if (Array.isArray(runsOn)) return runsOn.map(String)
  const { labels } = (runsOn ?? {}) as { readonly labels?: unknown }
  return labels === undefined ? [] : labelsOf({ 'runs-on': labels })
}

interface UsingStep {
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

/** A composite action that takes the inputs that it is given somewhere, does nothing, and puts out what it is told to. */
function actionsOf(
  steps: readonly UsingStep[],
  actionOutputs: NonNullable<ForAct['actionOutputs']>,
): Readonly<Record<string, string>> {
  const inputs = new Map<string, Set<string>>()
  for (const { uses, with: given = {} } of steps) {
    if (uses === undefined || uses.startsWith('./')) continue
    inputs.set(uses, new Set([...(inputs.get(uses) ?? []), ...Object.keys(given)]))
  }
  return Object.fromEntries(
    [...inputs].map(([uses, names]) => [
      uses,
      JSON.stringify({
        name: uses,
        description: uses,
        inputs: Object.fromEntries([...names].map((name) => [name, { description: name }])),
        outputs: Object.fromEntries(
          Object.entries(actionOutputs[uses.split('@', 1)[0] ?? ''] ?? {}).map(([name, value]) => [
            name,
            { description: name, value },
          ]),
        ),
        runs: { using: 'composite', steps: [{ run: 'true', shell: 'bash' }] },
      }),
    ]),
  )
}
