import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { type Base, short } from '../core/base.ts'
import { diffOfProject, manifestText, packageText } from '../core/lock-diff.ts'
import { affectedTasks, type Cause, causesOf, type GraphView, type NxExplanation, renderCauses } from '../core/why.ts'
import { bystanders, renderBystanders } from '../core/why-not.ts'
import { diskState } from '../io/disk-state.ts'
import { changedFiles } from '../io/git.ts'
import { askNx } from '../io/nx-run.ts'
import { diffSince } from './lock-diff.ts'
import { resolveBase } from './resolve-base.ts'

/**
 * `interlock why`: Nx's own answer, with the way through the graph and the packages behind a line of closures.json; for what
 * does not run, what each changed file has to do with it.
 */
export async function runWhy(invocation: Invocation): Promise<Outcome> {
  const [asked = ''] = invocation.arguments
  const base = await resolveBase(invocation)
  // A manifest that cannot be read has its own error and status here; from Nx it would only be words.
  diskState(invocation.root)
  const graph = await readGraph(invocation.root, base)
  const { project, targets } = askedFor(asked, graph)
  if (base.kind === 'everything') {
    return {
      status: EXIT.done,
      prose: `${asked} is affected because everything is: ${base.reason}`,
      data: { base, project, affected: true, causes: [] },
    }
  }
  const explanation = (await askNx(invocation.root, '--explain', [
    'affected',
    ...baseFlags(base),
    `--targets=${targets.join(',')}`,
  ])) as NxExplanation
  const causes = causesOf(project, explanation, graph)
  const tasks = affectedTasks(project, explanation, graph)
  const since = `since ${short(base.commit)} (${base.reason})`
  if (tasks.length === 0) {
    const changes = bystanders(project, await changedFiles(invocation.root, base.commit, base.head), graph)
    const verdict = `${asked} is not affected: no input of its ${targets.join(', ')} changed ${since}`
    const prose = [verdict, renderBystanders({ project, targets }, changes)].join('\n')
    return { status: EXIT.done, prose, data: { base, project, affected: false, tasks, causes, changes } }
  }
  const moves = await movesBehind(invocation.root, base.commit, { causes, projectRoot: graph.nodes[project]?.data.root ?? '' })
  const prose = [`${since}:`, renderCauses(causes), ...moves.map((move) => `  ${move}`)].join('\n')
  return { status: EXIT.done, prose, data: { base, project, affected: true, tasks, causes, moves } }
}

interface ProjectGraphView extends GraphView {
  readonly nodes: Readonly<
    Record<string, { readonly name: string; readonly data: { readonly root: string; readonly targets?: object } }>
  >
}

/** Nx writes its graph together with a plan of tasks; which target is planned does not matter here. */
async function readGraph(root: string, base: Base): Promise<ProjectGraphView> {
  const command = base.kind === 'everything' ? ['run-many'] : ['affected', ...baseFlags(base)]
  const answer = (await askNx(root, '--graph', [...command, '--targets=test'])) as { readonly graph: ProjectGraphView }
  return answer.graph
}

function baseFlags(base: Base & { readonly kind: 'commit' }): string[] {
  return [`--base=${base.commit}`, ...(base.head === undefined ? [] : [`--head=${base.head}`])]
}

/** A project's name may hold colons, so the whole word is tried first. */
function askedFor(asked: string, graph: ProjectGraphView): { readonly project: string; readonly targets: readonly string[] } {
  const whole = graph.nodes[asked]
  if (whole !== undefined) return { project: asked, targets: targetsOf(whole) }
  const colon = asked.lastIndexOf(':')
  const project = asked.slice(0, Math.max(0, colon))
  const target = asked.slice(colon + 1)
  const node = graph.nodes[project]
  if (node === undefined) {
    throw new InterlockError('PROJECT_UNKNOWN', `no project is named "${colon === -1 ? asked : project}"`, {
      hint: `the projects are: ${Object.keys(graph.nodes).sort().join(', ')}`,
    })
  }
  if (targetsOf(node).includes(target)) return { project, targets: [target] }
  throw new InterlockError('TARGET_UNKNOWN', `project ${project} has no target "${target}"`, {
    hint: `its targets are: ${targetsOf(node).join(', ')}`,
  })
}

function targetsOf(node: { readonly data: { readonly targets?: object } }): string[] {
  return Object.keys(node.data.targets ?? {}).sort()
}

/** The packages and manifest lines of the project's slice that moved, when a cause is a file that slices are made of. */
async function movesBehind(
  root: string,
  commit: string,
  { causes, projectRoot }: { readonly causes: readonly Cause[]; readonly projectRoot: string },
): Promise<string[]> {
  const files = new Set(causes.map((cause) => cause.file))
  const isAttributed = [...files].some(
    (file) =>
      file === 'closures.json' || /(?:^|\/)(?:[^/]*\.lock|Cargo\.toml|pyproject\.toml|requirements[^/]*)$/u.test(file ?? ''),
  )
  if (!isAttributed) return []
  const { packages, manifest } = diffOfProject(await diffSince(root, commit), projectRoot)
  return [
    ...packages.map((move) => `${move.lock}: ${packageText(move)}`),
    ...manifest.map((move) => `${move.manifest}: ${manifestText(move)}`),
  ]
}
