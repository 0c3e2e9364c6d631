/** One changed place: lines `[from, to)` of the old text became `lines`. Places are sorted and never touch. */
export interface Change {
  readonly from: number
  readonly to: number
  readonly lines: readonly string[]
}

/** A text as lines; the last one is empty when the text ends with a line break. Carriage returns stay in the lines. */
export function linesOf(text: string): string[] {
  return text.split('\n')
}

/** The changes that make `after` of `before`, by a longest common subsequence of lines. */
export function changesBetween(before: readonly string[], after: readonly string[]): Change[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1

  const old = before.slice(start, before.length - end)
  const young = after.slice(start, after.length - end)
  const common = commonLengths(old, young)
  const changes: Change[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < young.length) {
    const [from, first] = [i, j]
    while ((i < old.length || j < young.length) && old[i] !== young[j]) {
      const skipOld = common.at(i + 1, j)
      if (j >= young.length || (i < old.length && skipOld >= common.at(i, j + 1))) i += 1
      else j += 1
    }
    if (i > from || j > first) changes.push({ from: start + from, to: start + i, lines: young.slice(first, j) })
    while (i < old.length && j < young.length && old[i] === young[j]) {
      i += 1
      j += 1
    }
  }
  return changes
}

/** The text after the changes. */
export function applyChanges(lines: readonly string[], changes: readonly Change[]): string[] {
  const result: string[] = []
  let at = 0
  for (const change of changes) {
    result.push(...lines.slice(at, change.from), ...change.lines)
    at = change.to
  }
  return [...result, ...lines.slice(at)]
}

const CONTEXT = 3

/**
 * A unified diff as `git apply` takes it; empty when the texts are equal. `undefined` is a file that does not exist.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return ''
  const [old, young] = [diffLines(before), diffLines(after)]
  const changes = changesBetween(old, young)
  const header = [
    before === undefined ? '--- /dev/null' : `--- a/${path}`,
    after === undefined ? '+++ /dev/null' : `+++ b/${path}`,
  ]
  return [...header, ...hunks(old, changes), ''].join('\n')
}

/** Lines that know whether a line break ends them, so that a missing one at the end of the file shows as a difference. */
function diffLines(text: string | undefined): string[] {
  if (text === undefined || text === '') return []
  const lines = linesOf(text)
  const last = lines.pop()
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`]
}

function hunks(old: readonly string[], changes: readonly Change[]): string[] {
  const groups: Change[][] = []
  for (const change of changes) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && change.from - last.to <= 2 * CONTEXT) group.push(change)
    else groups.push([change])
  }
  let shift = 0
  return groups.flatMap((group) => {
    const from = Math.max(0, (group[0]?.from ?? 0) - CONTEXT)
    const to = Math.min(old.length, (group.at(-1)?.to ?? 0) + CONTEXT)
    const body: string[] = []
    let at = from
    for (const change of group) {
      body.push(...old.slice(at, change.from).map((line) => ` ${line}`))
      body.push(...old.slice(change.from, change.to).map((line) => `-${line}`))
      body.push(...change.lines.map((line) => `+${line}`))
      at = change.to
    }
    body.push(...old.slice(at, to).map((line) => ` ${line}`))
    const grown = group.reduce((sum, change) => sum + change.lines.length - (change.to - change.from), 0)
    const head = `@@ -${range(from, to - from)} +${range(from + shift, to - from + grown)} @@`
    shift += grown
    return [head, ...body]
  })
}

function range(start: number, length: number): string {
  return `${length === 0 ? start : start + 1},${length}`
}

interface Lengths {
  /** Length of the longest common subsequence of both texts from these lines on. */
  readonly at: (i: number, j: number) => number
}

function commonLengths(old: readonly string[], young: readonly string[]): Lengths {
  const width = young.length + 1
  const table = new Uint32Array((old.length + 1) * width)
  const at = (i: number, j: number): number => table[i * width + j] ?? 0
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = young.length - 1; j >= 0; j -= 1) {
      table[i * width + j] = old[i] === young[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  return { at }
}
