import type { LintDocument } from './document.ts'
import { entryAt, type Entry } from './value.ts'

/** The permissions of the workflow and of each job, as they are written. */
export function permissionsOf({
  root,
  jobs,
}: LintDocument): readonly { readonly of: 'workflow' | 'job'; readonly entry: Entry }[] {
  const top = entryAt(root, 'permissions')
  const own = jobs.flatMap(({ value }) => entryAt(value, 'permissions') ?? [])
  return [
    ...(top === undefined ? [] : [{ of: 'workflow' as const, entry: top }]),
    ...own.map((entry) => ({ of: 'job' as const, entry })),
  ]
}

/** Whether the token of a job may write anything, by its own permissions or by those of the workflow. */
export function mayWrite(document: LintDocument, job: { readonly value: Entry['value'] }): boolean {
  const value = (entryAt(job.value, 'permissions') ?? entryAt(document.root, 'permissions'))?.value
  // Without any, the repository decides, and its default may be to write.
  if (value === undefined) return true
  return value.text === 'write-all' || value.entries.some((entry) => entry.value.text === 'write')
}
