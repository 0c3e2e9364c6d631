import { DAMAGE, STALE } from './edits/index.ts'
import type { Observation, Outcome } from './harness.ts'

/** What selected ÷ needed may be over many edits. */
export const PRICE_LIMIT = 1.15

export interface Summary {
  readonly edits: number
  readonly missed: number
  /** Selected ÷ needed; 1 is exact. Without the kinds that are wide by rule. */
  readonly ratio: number
  /** Selected ÷ needed over all edits. */
  readonly ratioOfAll: number
  readonly kinds: readonly Row[]
  readonly starts: readonly Row[]
  readonly daemon: number
  readonly synced: number
  readonly refused: number
  readonly syncs: number
}

/** Sums over the edits of one kind, or of workspaces of one origin. */
export interface Row {
  readonly kind: string
  readonly edits: number
  readonly needed: number
  readonly selected: number
  readonly missed: number
}

/**
 * Where closures.json cannot be read or trusted, everything runs whatever moved: the oracle, which does not know the file,
 * says nothing about that. Their misses count like all others.
 */
const WIDE_BY_RULE: readonly string[] = [DAMAGE, STALE]

export function summarise({ observations, refused, syncs }: Outcome): Summary {
  const { missed } = totals(observations)
  return {
    edits: observations.length,
    missed,
    ratio: ratioOf(observations.filter(({ edit }) => !WIDE_BY_RULE.includes(edit.kind))),
    ratioOfAll: ratioOf(observations),
    kinds: rowsBy(observations, ({ edit }) => edit.kind),
    starts: rowsBy(observations, ({ start }) => start),
    daemon: observations.filter(({ daemon }) => daemon).length,
    synced: observations.filter(({ synced }) => synced).length,
    refused,
    syncs,
  }
}

/** The summary as Markdown tables. */
export function renderSummary({ kinds, starts, edits, missed, ratio, ratioOfAll }: Summary): string {
  const last = `${edits} edits, ${missed} missed, selected ÷ needed = ${ratio.toFixed(3)}; with the kinds that are wide by rule ${ratioOfAll.toFixed(3)}`
  return ['', ...table('edit', kinds), '', ...table('workspaces', starts), '', last, ''].join('\n')
}

function table(name: string, rows: readonly Row[]): string[] {
  const lines = rows.map((row) => `| ${row.kind} | ${row.edits} | ${row.needed} | ${row.selected} | ${row.missed} |`)
  return [`| ${name} | commits | needed | selected | missed |`, '|---|---:|---:|---:|---:|', ...lines]
}

function rowsBy(observations: readonly Observation[], keyOf: (observation: Observation) => string): Row[] {
  return [...new Set(observations.map(keyOf))].sort().map((kind) => {
    const own = observations.filter((observation) => keyOf(observation) === kind)
    return { kind, edits: own.length, ...totals(own) }
  })
}

function ratioOf(observations: readonly Observation[]): number {
  const { needed, selected } = totals(observations)
  return needed === 0 ? 1 : selected / needed
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
