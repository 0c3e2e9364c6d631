/** Lines of a file, from 1. */
interface Lines {
  readonly first: number
  readonly last: number
}

/** One finding, under the name of an audit of zizmor, with every place that it names. */
export interface Said {
  readonly audit: string
  readonly file: string
  readonly places: readonly Lines[]
}

/** How far two linters agree about one audit. */
export interface Agreement {
  readonly audit: string
  readonly theirs: number
  /** Findings of theirs beside which there is one of ours. */
  readonly agreed: number
  readonly ours: number
  /** Findings of ours beside which there is none of theirs. */
  readonly alone: number
}

/** Two findings meet where they are of the same audit, in the same file, at most one line apart. */
export function agreement(ours: readonly Said[], theirs: readonly Said[]): readonly Agreement[] {
  const audits = [...new Set([...ours, ...theirs].map(({ audit }) => audit))].sort()
  return audits.map((audit) => {
    const mine = ours.filter((said) => said.audit === audit)
    const other = theirs.filter((said) => said.audit === audit)
    return {
      audit,
      theirs: other.length,
      agreed: other.filter((said) => mine.some((own) => meet(own, said))).length,
      ours: mine.length,
      alone: mine.filter((own) => !other.some((said) => meet(own, said))).length,
    }
  })
}

function meet(left: Said, right: Said): boolean {
  if (left.file !== right.file) return false
  return left.places.some((one) => right.places.some((other) => one.first <= other.last + 1 && other.first <= one.last + 1))
}
