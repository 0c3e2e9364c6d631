import type { Problem, Rule } from '../rule.ts'
import { permissionsOf } from '../permissions.ts'
import { entryAt } from '../value.ts'

export const excessivePermissions: Rule = {
  id: 'excessive-permissions',
  title: 'The workflow grants nothing, and each job what it needs',
  why: 'Without permissions the token has what the settings of the repository say, which may be to write everything. What the workflow grants every job has, also the one that runs somebody else’s code.',
  corresponds: {
    zizmor: 'excessive-permissions',
    poutine: 'default_permissions_on_risky_events',
    scorecard: 'Token-Permissions',
  },
  severity: 'error',
  remediation: {
    before: 'permissions: write-all\njobs:\n  release:',
    after: 'permissions: {}\njobs:\n  release:\n    permissions:\n      contents: write # to create the release',
  },
  check: (document) => {
    if (document.kind !== 'workflow') return []
    const all = permissionsOf(document)
    const broad = all
      .filter(({ entry }) => /^(?:read|write)-all$/u.test(entry.value.text))
      .map(({ entry }): Problem => ({ at: entry.at, message: `${entry.value.text} grants what nobody has thought about` }))
    const written = all.flatMap(({ of, entry }) => {
      if (of !== 'workflow') return []
      const writes = entry.value.entries.filter(({ value }) => value.text === 'write')
      return writes.map(({ key, at }): Problem => ({
        at,
        message: `Every job may write ${key}: grant it to the job that needs it`,
      }))
    })
    const missing = entryAt(document.root, 'permissions') === undefined
    const open = document.jobs.filter(({ value }) => entryAt(value, 'permissions') === undefined)
    const unsaid =
      missing && open.length > 0
        ? [
            {
              at: open[0]?.at ?? 0,
              message: 'Neither the workflow nor this job says what its token may do: add permissions: {} to the workflow',
            },
          ]
        : []
    return [...broad, ...written, ...unsaid]
  },
}
