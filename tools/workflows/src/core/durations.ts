/** Milliseconds of a task that nothing is known of. */
const UNKNOWN_MS = 10_000

export interface Estimate {
  readonly ms: number
  /** Whether the task itself was measured; otherwise it is the median of its target, or of everything. */
  readonly measured: boolean
}

/**
 * Estimates tasks from what was measured: milliseconds by `<task id> <hash>`, older measurements first. A task is worth
 * its last measurement, else the median of its target, else that of all tasks.
 */
export function estimator(
  measured: Readonly<Record<string, number>>,
): (task: { readonly id: string; readonly target: string }) => Estimate {
  const last = new Map<string, number>()
  for (const [key, ms] of Object.entries(measured)) last.set(key.slice(0, key.lastIndexOf(' ')), ms)
  const byTarget = new Map<string, number[]>()
  for (const [id, ms] of last) {
    const target = targetOf(id)
    byTarget.set(target, [...(byTarget.get(target) ?? []), ms])
  }
  const all = median([...last.values()])
  return ({ id, target }) => {
    const own = last.get(id)
    if (own !== undefined) return { ms: own, measured: true }
    return { ms: median(byTarget.get(target) ?? []) ?? all ?? UNKNOWN_MS, measured: false }
  }
}

/** `test` of `@scope/name:test:coverage`: names of projects have no colon. */
function targetOf(id: string): string {
  return id.split(':')[1] ?? id
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)]
}
