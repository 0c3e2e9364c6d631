/**
 * Milliseconds of a task where none of its kind was measured: the order of magnitude that this repository's own tasks take
 * on two cores. A first plan is only as good as these; the next one knows better.
 */
const UNMEASURED_MS: ReadonlyMap<string, number> = new Map([
  ['format', 1_000],
  ['lint', 10_000],
  ['typecheck', 10_000],
  ['build', 10_000],
  ['test', 60_000],
])
const UNKNOWN_MS = 10_000

export interface Estimate {
  readonly ms: number
  /** Whether the task itself was measured; otherwise others of its kind were, or none. */
  readonly measured: boolean
}

/**
 * Estimates tasks from what was measured: milliseconds by `<task id> <hash>`, older measurements first. A task is worth
 * its last measurement, else the median of its target, else that of its kind (`test` of `test-py3.12`), else what a task of
 * that kind usually takes.
 */
export function estimator(
  measured: Readonly<Record<string, number>>,
): (task: { readonly id: string; readonly target: string }) => Estimate {
  const last = new Map<string, number>()
  for (const [key, ms] of Object.entries(measured)) last.set(key.slice(0, key.lastIndexOf(' ')), ms)
  const byTarget = mediansBy(last, (target) => target)
  const byKind = mediansBy(last, kindOf)
  return ({ id, target }) => {
    const own = last.get(id)
    if (own !== undefined) return { ms: own, measured: true }
    const kind = kindOf(target)
    return { ms: byTarget.get(target) ?? byKind.get(kind) ?? UNMEASURED_MS.get(kind) ?? UNKNOWN_MS, measured: false }
  }
}

function mediansBy(last: ReadonlyMap<string, number>, group: (target: string) => string): ReadonlyMap<string, number> {
  const grouped = new Map<string, number[]>()
  for (const [id, ms] of last) {
    const name = group(targetOf(id))
    grouped.set(name, [...(grouped.get(name) ?? []), ms])
  }
  return new Map([...grouped].map(([name, values]) => [name, median(values)]))
}

function kindOf(target: string): string {
  return target.split('-', 1)[0] ?? target
}

/** `test` of `@scope/name:test:coverage`: names of projects have no colon. */
function targetOf(id: string): string {
  return id.split(':')[1] ?? id
}

/** Of at least one value. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
