import { permissionsOf } from '../permissions.ts'
import type { Rule } from '../rule.ts'
import { entryAt, valueAt } from '../value.ts'

export const idTokenWithoutEnvironment: Rule = {
  id: 'id-token-without-environment',
  title: 'A job that can prove who it is to others runs in an environment',
  why: 'With `id-token: write` a job can log in to a cloud or a package registry. An environment limits it to branches and reviewers, and its name is in the token for the other side to check.',
  corresponds: 'none',
  severity: 'warning',
  remediation: {
    before: 'publish:\n  permissions:\n    id-token: write # to publish',
    after: 'publish:\n  environment: release\n  permissions:\n    id-token: write # to publish',
  },
  check: (document) => {
    const ofWorkflow = permissionsOf(document).filter(({ of }) => of === 'workflow')
    const top = ofWorkflow
      .flatMap(({ entry }) => entryAt(entry.value, 'id-token') ?? [])
      .filter(({ value }) => value.text === 'write')
    const jobs = document.jobs.flatMap(({ value }) => {
      const grant = entryAt(valueAt(value, 'permissions'), 'id-token')
      const guarded = valueAt(value, 'environment') !== undefined || valueAt(value, 'uses') !== undefined
      return grant?.value.text === 'write' && !guarded ? [grant] : []
    })
    return [...top, ...jobs].map(({ at }) => ({ at, message: 'Can log in elsewhere, and no environment says when' }))
  },
}
