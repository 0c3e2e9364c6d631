import type { Observation } from './harness.ts'

export interface Summary {
  readonly edits: number
  readonly missed: number
  /** Selected ÷ needed over all edits; 1 is exact. */
  readonly ratio: number
  readonly kinds: readonly KindSummary[]
}

export interface KindSummary {
  readonly kind: string
  readonly edits: number
  readonly needed: number
  readonly selected: number
  readonly missed: number
}

export function summarise(observations: readonly Observation[]): Summary {
  const kinds = [...new Set(observations.map(({ edit }) => edit.kind))].sort().map((kind) => {
    const own = observations.filter(({ edit }) => edit.kind === kind)
    return { kind, edits: own.length, ...totals(own) }
  })
  const { needed, selected, missed } = totals(observations)
  return { edits: observations.length, missed, ratio: needed === 0 ? 1 : selected / needed, kinds }
}

/** The summary as a Markdown table. */
export function renderSummary({ edits, missed, ratio, kinds }: Summary): string {
  const rows = kinds.map((row) => `| ${row.kind} | ${row.edits} | ${row.needed} | ${row.selected} | ${row.missed} |`)
  const head = ['| edit | commits | needed | selected | missed |', '|---|---:|---:|---:|---:|']
  return [...head, ...rows, '', `${edits} edits, ${missed} missed, selected ÷ needed = ${ratio.toFixed(3)}`, ''].join('\n')
}

function totals(observations: readonly Observation[]): { needed: number; selected: number; missed: number } {
  const sum = (count: (observation: Observation) => number): number =>
    observations.reduce((total, entry) => total + count(entry), 0)
  return {
    needed: sum(({ needed }) => needed.length),
    selected: sum(({ selected }) => selected.length),
    missed: sum(({ missed }) => missed.length),
  }
}
