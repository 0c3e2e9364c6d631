import type { FileReport, Item, JobReport } from './report.ts'

/** The report for people: every line names its place. */
export function proseOf(files: readonly FileReport[]): string {
  const written = files.filter(({ kind }) => kind !== 'generated')
  if (written.length === 0) return 'no workflow is written by hand'
  return [...written.map((file) => linesOf(file).join('\n')), summary(files)].join('\n\n')
}

function linesOf(file: FileReport): string[] {
  if (file.kind === 'generated') return []
  if (file.kind === 'unreadable') {
    return [`${file.file}${file.line === undefined ? '' : `:${file.line}`}: unknown, since it could not be read: ${file.reason}`]
  }
  return [
    `${file.file}${file.inTheWay ? ': in the way of a generated file of that name, which is never written over it: rename it' : ''}`,
    ...file.items.map((item) => `  ${itemLine(file.file, item)}`),
    ...file.jobs.flatMap((job) => [jobLine(file.file, job), ...job.items.map((item) => `    ${itemLine(file.file, item)}`)]),
  ]
}

function jobLine(file: string, { id, line, replacedBy, items }: JobReport): string {
  const [differs, left, unknown] = (['differs', 'left', 'unknown'] as const).map((verdict) => count(items, verdict))
  const by = replacedBy.length === 0 ? 'nothing generated' : replacedBy.join(', ')
  return `  ${file}:${line}: job ${id} -> ${by}; ${differs} differ, ${left} left, ${unknown} unknown`
}

function itemLine(file: string, { line, kind, text, verdict, by, note }: Item): string {
  const behind = [by === undefined ? [] : [`by ${by}`], note === undefined ? [] : [note]].flat()
  return `${verdict.padEnd(8)}  ${file}:${line}: ${kind} ${text}${behind.length === 0 ? '' : ` (${behind.join('; ')})`}`
}

export interface Totals {
  readonly files: number
  readonly unreadable: number
  readonly jobs: number
  readonly replaced: number
  readonly differs: number
  readonly left: number
  readonly unknown: number
}

export function totalsOf(files: readonly FileReport[]): Totals {
  const read = files.flatMap((file) => (file.kind === 'read' ? [file] : []))
  const items = read.flatMap(({ items: own, jobs }) => [...own, ...jobs.flatMap((job) => job.items)])
  return {
    files: files.filter(({ kind }) => kind !== 'generated').length,
    unreadable: files.length - read.length - files.filter(({ kind }) => kind === 'generated').length,
    jobs: read.reduce((sum, { jobs }) => sum + jobs.length, 0),
    replaced: count(items, 'replaced'),
    differs: count(items, 'differs'),
    left: count(items, 'left'),
    unknown: count(items, 'unknown'),
  }
}

function count(items: readonly Item[], verdict: Item['verdict']): number {
  return items.filter((item) => item.verdict === verdict).length
}

function summary(files: readonly FileReport[]): string {
  const { files: all, unreadable, jobs, replaced, differs, left, unknown } = totalsOf(files)
  return `${all} files, ${unreadable} of them unreadable; ${jobs} jobs: ${replaced} things replaced, ${differs} differ, ${left} left, ${unknown} unknown. Nothing was written.`
}
