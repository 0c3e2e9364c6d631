import type { Sandbox } from './sandbox.ts'

interface GraphOutput {
  readonly graph: { readonly nodes: Readonly<Record<string, { readonly data: { readonly root: string } }>> }
  readonly tasks: {
    readonly tasks: Readonly<Record<string, { readonly target: { readonly project: string; readonly target: string } }>>
  }
}

/**
 * Directories of the projects whose tests Nx selects for what changed between two commits. Where closures.json was stale at
 * the base, `interlock base` is asked first, as `interlock affected` does.
 */
export async function selectedSince(
  sandbox: Sandbox,
  { base, head, trusted }: { readonly base: string; readonly head: string; readonly trusted: boolean },
): Promise<string[]> {
  const everything = !trusted && (await sandbox.interlock('base', `--base=${base}`)).startsWith('everything')
  const words = everything ? ['run-many'] : ['affected', `--base=${base}`, `--head=${head}`]
  const output = await sandbox.nx(...words, '--targets=test', '--graph=stdout')
  const { graph, tasks } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as GraphOutput
  const roots = Object.values(tasks.tasks)
    .filter(({ target }) => target.target === 'test')
    .map(({ target }) => graph.nodes[target.project]?.data.root ?? target.project)
  return roots.sort()
}
