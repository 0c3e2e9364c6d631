import { blobsAtHead } from './blobs.ts'
import { generateCargo } from './cargo-workspace.ts'
import { editNote, editRoot, type Edit, type Generated } from './edit.ts'
import { cargoFingerprints } from './oracle-cargo.ts'
import { pythonFingerprints } from './oracle-python.ts'
import { generatePython } from './python-workspace.ts'
import { seeded, type Random } from './random.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

/** One committed edit: what nx selected against what had to run. */
export interface Observation {
  readonly workspace: number
  readonly edit: Edit
  /** Whether closures.json was brought up to date in the same commit. */
  readonly synced: boolean
  /** Projects whose tests the oracle says are decided by the edit. Sorted. */
  readonly needed: readonly string[]
  /** Projects whose test task nx selected. Sorted. */
  readonly selected: readonly string[]
  /** Needed and not selected: each one is a false green. */
  readonly missed: readonly string[]
}

/** Runs `edits` random edits over `workspaces` generated workspaces. Deterministic for a seed. */
export function observe(options: {
  readonly seed: number
  readonly workspaces: number
  readonly edits: number
  readonly onObservation?: (observation: Observation, count: number) => void
}): Observation[] {
  const observations: Observation[] = []
  for (let workspace = 0; workspace < options.workspaces; workspace++) {
    const random = seeded(options.seed + workspace * 7919)
    const share = Math.ceil((options.edits - observations.length) / (options.workspaces - workspace))
    const sandbox = createSandbox()
    try {
      for (const observation of observeWorkspace(sandbox, random, { workspace, edits: share })) {
        observations.push(observation)
        options.onObservation?.(observation, observations.length)
      }
    } finally {
      sandbox.dispose()
    }
  }
  return observations
}

function* observeWorkspace(sandbox: Sandbox, random: Random, plan: { workspace: number; edits: number }): Generator<Observation> {
  const parts = partsOf(plan.workspace, random)
  for (const part of parts) part.create(sandbox)
  sync(sandbox)
  let base = sandbox.commit('create')
  let before = fingerprints(sandbox, parts)
  for (let count = 0; count < plan.edits;) {
    const edit = drawEdit(sandbox, random, { parts, serial: count })
    if (edit === undefined || sandbox.run('git', ['status', '--porcelain']).trim() === '') continue
    const synced = random.chance(0.5)
    if (synced) sync(sandbox)
    const head = sandbox.commit(edit.description)
    const after = fingerprints(sandbox, parts)
    yield compare({ workspace: plan.workspace, edit, synced, before, after, selected: selection(sandbox, base, head) })
    if (!synced) sync(sandbox)
    base = sandbox.commit('sync')
    before = after
    count++
  }
}

function partsOf(workspace: number, random: Random): Generated[] {
  const kind = workspace % 3
  if (kind === 0) return [generateCargo(random)]
  if (kind === 1) return [generatePython(random)]
  return [generateCargo(random), generatePython(random)]
}

function drawEdit(sandbox: Sandbox, random: Random, state: { parts: readonly Generated[]; serial: number }): Edit | undefined {
  if (random.chance(0.04)) return editRoot(sandbox, random, state.serial)
  if (random.chance(0.04)) return editNote(sandbox, random, state.serial)
  return random.pick(state.parts).edit(sandbox, random)
}

type Fingerprints = ReadonlyMap<string, { readonly language: 'rust' | 'python'; readonly text: string }>

function fingerprints(sandbox: Sandbox, parts: readonly Generated[]): Fingerprints {
  const blobs = blobsAtHead(sandbox)
  return new Map(
    parts.flatMap(({ language }) => {
      const found = language === 'rust' ? cargoFingerprints(sandbox, blobs) : pythonFingerprints(sandbox, blobs)
      return [...found].map(([name, text]) => [name, { language, text }] as const)
    }),
  )
}

function compare(run: {
  workspace: number
  edit: Edit
  synced: boolean
  before: Fingerprints
  after: Fingerprints
  selected: readonly string[]
}): Observation {
  const { edit, before, after, selected, synced, workspace } = run
  const needed = [...after]
    .filter(([name, { language, text }]) => edit.wide === 'all' || edit.wide === language || before.get(name)?.text !== text)
    .map(([name]) => name)
    .sort()
  return { workspace, edit, synced, needed, selected, missed: needed.filter((name) => !selected.includes(name)) }
}

function sync(sandbox: Sandbox): void {
  sandbox.run(process.execPath, ['node_modules/nx/dist/bin/nx.js', 'sync'])
}

function selection(sandbox: Sandbox, base: string, head: string): string[] {
  const output = sandbox.run(process.execPath, [
    'node_modules/nx/dist/bin/nx.js',
    'affected',
    '--target=test',
    `--base=${base}`,
    `--head=${head}`,
    '--graph=stdout',
  ])
  const { tasks } = JSON.parse(output.slice(output.indexOf('{'))) as {
    tasks: { tasks: Record<string, { target: { project: string; target: string } }> }
  }
  return Object.values(tasks.tasks)
    .filter(({ target }) => target.target === 'test')
    .map(({ target }) => target.project)
    .sort()
}
