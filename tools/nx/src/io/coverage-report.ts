import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'

/** Makes room for the report and takes that of an earlier run away: it must not be taken for this one's. */
export function expectReport(root: string, report: string | undefined): void {
  if (report === undefined) return
  mkdirSync(dirname(resolve(root, report)), { recursive: true })
  rmSync(resolve(root, report), { force: true })
}

/** Whether the report that was asked for, if any, is there; says so when it is not. */
export function hasReport(root: string, report: string | undefined): boolean {
  if (report === undefined) return true
  if (isWritten(root, report)) return true
  process.stderr.write(`\nno report: the tests passed, but ${report} was not written\n`)
  return false
}

export function isWritten(root: string, report: string): boolean {
  return (statSync(resolve(root, report), { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** Names sources from the workspace, for a report out of the cache is read in other clones; gives the text. */
export function nameSourcesFromRoot(root: string, report: string): string {
  const file = resolve(root, report)
  const lines = readFileSync(file, 'utf8').split('\n')
  const named = lines.map((line) => (line.startsWith(`SF:${root}${sep}`) ? `SF:${line.slice(root.length + 4)}` : line))
  const text = named.join('\n')
  writeFileSync(file, text)
  return text
}
