import type { Entry } from '../entry.ts'
import { divergenceOf, type Compared, type Divergence } from './divergence.ts'

/** Knows the content of every hash in every scope, so that each new row is compared at once. */
export interface DivergenceWatch {
  /** Notes a row; the divergence it is part of, when there is one. */
  readonly add: (entry: Entry) => Divergence | undefined
  readonly remove: (entry: Entry) => void
  /** All of a workspace, in the order of tool and hash. */
  readonly list: (workspace: string) => readonly Divergence[]
}

export function createDivergenceWatch(): DivergenceWatch {
  /** Rows of one workspace, tool and hash. */
  const groups = new Map<string, readonly Compared[]>()
  const others = ({ scope }: Compared, group: readonly Compared[]): readonly Compared[] =>
    group.filter((row) => row.scope !== scope)

  return {
    add: ({ workspace, tool, hash, scope, created, content }) => {
      if (content === undefined) return undefined
      const row: Compared = { workspace, tool, hash, scope, created, content }
      const group = [...others(row, groups.get(nameOf(row)) ?? []), row]
      groups.set(nameOf(row), group)
      return divergenceOf(group)
    },
    remove: (entry) => {
      const left = others(entry, groups.get(nameOf(entry)) ?? [])
      if (left.length === 0) groups.delete(nameOf(entry))
      else groups.set(nameOf(entry), left)
    },
    list: (workspace) => {
      const found = [...groups].filter(([, rows]) => rows[0]?.workspace === workspace && rows.length > 1)
      const sorted = found.sort(([left], [right]) => (left < right ? -1 : 1))
      return sorted.flatMap(([, rows]) => divergenceOf(rows) ?? [])
    },
  }
}

function nameOf({ workspace, tool, hash }: Compared): string {
  return `${workspace.length} ${workspace}${tool} ${hash}`
}
