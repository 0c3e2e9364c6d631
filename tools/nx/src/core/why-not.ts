import { dependencyPath, type GraphView, ownerOfFile } from './why.ts'

/** A file that changed and did not make a project affected. */
export interface Bystander {
  readonly file: string
  /** The project whose directory holds it. */
  readonly owner: string | undefined
  /** Projects from the one that was asked about to the owner, when it depends on it. */
  readonly path: readonly string[] | undefined
}

/** More files than this are counted, not listed. */
const MOST_LISTED = 20

/** What each changed file has to do with a project that it did not make affected. */
export function bystanders(project: string, files: readonly string[], graph: GraphView): Bystander[] {
  return files.map((file) => {
    const owner = ownerOfFile(graph, file)
    return { file, owner, path: owner === undefined ? undefined : dependencyPath(graph, project, owner) }
  })
}

/** One line per file, or one that says that there is none. */
export function renderBystanders(
  { project, targets }: { readonly project: string; readonly targets: readonly string[] },
  changed: readonly Bystander[],
): string {
  if (changed.length === 0) return 'no file changed'
  const inputs = `no input of ${project}:${targets.length === 1 ? (targets[0] ?? '') : `{${targets.join(',')}}`}`
  const lines = changed.slice(0, MOST_LISTED).map((each) => `  ${shown(each.file)} ${relation(each, { project, inputs })}`)
  const more = changed.length > lines.length ? [`  and ${changed.length - lines.length} more`] : []
  return [changed.length === 1 ? '1 file changed:' : `${changed.length} files changed:`, ...lines, ...more].join('\n')
}

/** A name may hold line breaks, which a log would take for its own. */
function shown(file: string): string {
  return /\p{Cc}/u.test(file) ? JSON.stringify(file) : file
}

function relation({ owner, path }: Bystander, { project, inputs }: { project: string; inputs: string }): string {
  if (owner === undefined) return `is of no project, and is ${inputs}`
  if (owner === project) return `is of ${project} itself, and is ${inputs}`
  if (path === undefined) return `is of ${owner}, which ${project} does not depend on, and is ${inputs}`
  return `is of ${owner}, which ${project} depends on (${path.join(' → ')}), and is ${inputs}`
}
