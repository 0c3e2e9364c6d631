import type { Entry, Tool } from '../entry.ts'

/** One hash whose content is not the same in every scope: the task is not reproducible, or somebody poisoned it. */
export interface Divergence {
  readonly workspace: string
  readonly tool: Tool
  readonly hash: string
  /** One for each scope, in the order of their names. */
  readonly scopes: readonly { readonly scope: string; readonly content: string; readonly created: number }[]
}

/** What is compared of a row. */
export type Compared = Pick<Entry, 'content' | 'created' | 'hash' | 'scope' | 'tool' | 'workspace'>

/** The rows of one workspace, tool and hash that differ; `undefined` when they agree, or fewer than two have a known content. */
export function divergenceOf(rows: readonly Compared[]): Divergence | undefined {
  const known = rows.filter((row): row is Compared & { content: string } => row.content !== undefined)
  const [first] = known
  if (first === undefined || known.every(({ content }) => content === first.content)) return undefined
  const scopes = known.map(({ scope, content, created }) => ({ scope, content, created }))
  return {
    workspace: first.workspace,
    tool: first.tool,
    hash: first.hash,
    scopes: scopes.sort((left, right) => (left.scope < right.scope ? -1 : 1)),
  }
}
