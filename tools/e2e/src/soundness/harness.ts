import { DAMAGE, drawEdit, STALE } from './edits/index.ts'
import type { Edit } from './edit.ts'
import { createOracle, type Fingerprints } from './oracle/index.ts'
import { seeded, type Random } from './random.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'
import { selectedSince } from './selection.ts'
import { surveyOf } from './survey.ts'
import { startOf } from './workspaces/index.ts'

/** One committed edit: what nx selected against what had to run. */
export interface Observation {
  readonly workspace: number
  readonly start: string
  readonly edit: Edit
  /** Whether closures.json was brought up to date in the same commit. */
  readonly synced: boolean
  readonly daemon: boolean
  /** Directories of projects whose tests the oracle says are decided by the edit. Sorted. */
  readonly needed: readonly string[]
  /** Directories of projects whose test task was selected. Sorted. */
  readonly selected: readonly string[]
  /** Needed and not selected: each one is a false green. */
  readonly missed: readonly string[]
}

export interface Plan {
  readonly seed: number
  readonly workspaces: number
  readonly edits: number
  /** Workspaces that are worked on at the same time; the outcome is the same. */
  readonly jobs: number
  /** A folder whose `node_modules` has Nx and the packages. */
  readonly installed: string
}

export interface Outcome {
  readonly observations: readonly Observation[]
  /** Edits that cargo or uv refused: taken back and drawn again. */
  readonly refused: number
  /** What ended a workspace before its edits were made. */
  readonly errors: readonly unknown[]
  /** How often the real `nx sync` wrote the very bytes that the functions behind it gave. */
  readonly syncs: number
}

/** Share of the syncs that go through `nx sync` itself and must give the same bytes. */
const REAL_SYNCS = 0.05
/** Edits by which a workspace is ahead of the one before it in the list of kinds. */
const TURNS_APART = 17
/** Share of the commits that nobody syncs, so that the next edit has a base that cannot be trusted. */
const STALE_BASES = 0.04

/** Runs random edits over workspaces. Deterministic for a seed, whatever the number of jobs. */
export async function observe(plan: Plan, onObservation: (observation: Observation) => void): Promise<Outcome> {
  const outcomes: Outcome[] = []
  let next = 0
  const work = async (): Promise<void> => {
    while (next < plan.workspaces) {
      const workspace = next++
      const edits =
        Math.floor(((workspace + 1) * plan.edits) / plan.workspaces) - Math.floor((workspace * plan.edits) / plan.workspaces)
      const failed = (error: unknown): Outcome => ({ observations: [], refused: 0, syncs: 0, errors: [error] })
      outcomes[workspace] = await observeWorkspace({ ...plan, workspace, edits }, onObservation).catch(failed)
    }
  }
  await Promise.all(Array.from({ length: plan.jobs }, work))
  return {
    observations: outcomes.flatMap(({ observations }) => observations),
    errors: outcomes.flatMap(({ errors }) => errors),
    refused: outcomes.reduce((sum, { refused }) => sum + refused, 0),
    syncs: outcomes.reduce((sum, { syncs }) => sum + syncs, 0),
  }
}

async function observeWorkspace(
  plan: Plan & { readonly workspace: number },
  tell: (observation: Observation) => void,
): Promise<Outcome> {
  const random = seeded(plan.seed + plan.workspace * 7919)
  const start = startOf(plan.workspace, random)
  const daemon = plan.workspace % 2 === 1
  await using sandbox = await createSandbox({ installed: plan.installed, daemon, files: start.files })
  for (const command of start.locks) await sandbox.output(...command)
  await sandbox.nx('sync')
  const oracle = createOracle(sandbox)
  let state: State = { base: await sandbox.commit('create'), before: await oracle(), trusted: true }
  const observations: Observation[] = []
  const counts = { refused: 0, syncs: 0 }
  for (let serial = 1; observations.length < plan.edits; serial += 2) {
    const turn = plan.workspace * TURNS_APART + (serial - 1) / 2
    const step = await tryStep({ sandbox, random, oracle, serial, turn }, state)
    if (step === undefined) continue
    if (step === 'refused') {
      counts.refused++
      continue
    }
    const observation = { ...step.comparison, workspace: plan.workspace, start: start.name, daemon }
    observations.push(observation)
    tell(observation)
    counts.syncs += step.syncs
    state = step.state
  }
  return { observations, errors: [], ...counts }
}

/** Where the next edit starts. */
interface State {
  readonly base: string
  readonly before: Fingerprints
  /** Whether closures.json was right at the base. */
  readonly trusted: boolean
}

interface Tools {
  readonly sandbox: Sandbox
  readonly random: Random
  readonly oracle: () => Promise<Fingerprints>
  readonly serial: number
  readonly turn: number
}

interface Step {
  readonly comparison: Omit<Observation, 'workspace' | 'start' | 'daemon'>
  readonly syncs: number
  readonly state: State
}

/** One edit from the working tree to the verdict; `undefined` when it changed nothing. */
async function tryStep(tools: Tools, { base, before, trusted }: State): Promise<Step | 'refused' | undefined> {
  const { sandbox, random, oracle } = tools
  const edit = await tryEdit(tools)
  if (edit === 'refused') return 'refused'
  if (edit === undefined || (await sandbox.git('status', '--porcelain')) === '') return undefined
  const synced = edit.kind !== DAMAGE && random.chance(0.5)
  let syncs = 0
  try {
    // The oracle first: what cargo and uv refuse, the plugin may refuse too.
    await sandbox.commit(edit.description)
    const after = await oracle().catch((error: unknown) => unlessRefused(error))
    await sandbox.output('git', 'reset', '--quiet', after === undefined ? '--hard' : '--soft', base)
    if (after === undefined) return 'refused'
    if (synced) syncs += await sync(sandbox, random)
    const head = await sandbox.commit(edit.description)
    const selected = await selectedSince(sandbox, { base, head, trusted })
    const told = trusted ? edit : { ...edit, kind: STALE }
    const next = synced || !random.chance(STALE_BASES)
    if (!synced && next) syncs += await sync(sandbox, random)
    const state = { base: await sandbox.commit('sync'), before: after, trusted: next }
    return { comparison: { ...compare({ edit: told, before, after, selected }), synced }, syncs, state }
  } catch (cause) {
    throw new Error(`seed and workspace led to an error: ${edit.kind}: ${edit.description}`, { cause })
  }
}

/** Makes an edit, and takes it back when cargo or uv does not accept it. */
async function tryEdit({ sandbox, random, serial, turn }: Tools): Promise<Edit | 'refused' | undefined> {
  const survey = await surveyOf(sandbox)
  const takeBack = async (): Promise<void> => {
    await sandbox.output('git', 'reset', '--quiet', '--hard')
    await sandbox.output('git', 'clean', '--quiet', '-d', '--force')
  }
  try {
    const edit = await drawEdit({ sandbox, survey, random, serial, turn })
    if (edit === undefined) await takeBack()
    return edit
  } catch (error) {
    unlessRefused(error)
    await takeBack()
    return 'refused'
  }
}

/** What cargo, uv or the editor of manifests does not accept is no state that anybody can test. Everything else is thrown on. */
function unlessRefused(error: unknown): undefined {
  if (!/^InterlockError: (PROCESS_FAILED: `(cargo|uv) |EDIT_CONFLICT)/.test(String(error))) throw error
}

/** Writes closures.json; now and then by Nx too. Returns 1 when Nx gave the same bytes. */
async function sync(sandbox: Sandbox, random: Random): Promise<number> {
  const before = (await sandbox.exists('closures.json')) ? await sandbox.read('closures.json') : ''
  await sandbox.writeClosures()
  if (!random.chance(REAL_SYNCS)) return 0
  const ours = await sandbox.read('closures.json')
  await sandbox.write('closures.json', before)
  await sandbox.nx('sync')
  const theirs = await sandbox.read('closures.json')
  if (theirs !== ours) throw new Error(`nx sync wrote another closures.json:\n${theirs}\ninstead of\n${ours}`)
  return 1
}

function compare(run: {
  readonly edit: Edit
  readonly before: Fingerprints
  readonly after: Fingerprints
  readonly selected: readonly string[]
}): Pick<Observation, 'edit' | 'needed' | 'selected' | 'missed'> {
  const { edit, before, after, selected } = run
  const needed = [...after]
    .filter(([root, { text, languages }]) => {
      return edit.wide === 'all' || languages.has(edit.wide) || before.get(root)?.text !== text
    })
    .map(([root]) => root)
    .sort()
  return { edit, needed, selected, missed: needed.filter((root) => !selected.includes(root)) }
}
