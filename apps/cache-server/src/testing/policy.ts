import type { Issuer, Policy, Workspace } from '../core/policy/schema.ts'
import { policySchema } from '../core/policy/schema.ts'
import { TEST_AUDIENCE } from './issuer.ts'

/** The policy of the cookbook for GitHub, as a value, for an issuer of a test. */
export function githubPolicy(iss: string, more: Partial<Record<keyof Workspace, unknown>> = {}): Policy {
  return policySchema.parse({
    workspaces: { acme: { trusted: { main: 'main', next: 'release/next' }, issuers: [githubIssuer(iss)], ...more } },
  })
}

export function githubIssuer(iss: string): unknown {
  return {
    kind: 'github',
    iss,
    aud: TEST_AUDIENCE,
    pin: { repository_id: '123456', repository_owner_id: '65' },
    rules: [
      {
        id: 'main',
        match: { event_name: ['push', 'schedule', 'workflow_dispatch'], ref: 'refs/heads/main', ref_protected: 'true' },
        read: ['trusted/main'],
        write: 'trusted/main',
      },
      { id: 'queue', match: { event_name: 'merge_group' }, read: ['trusted/main'], write: 'queue/{ref}' },
      {
        id: 'pull-request',
        match: { event_name: 'pull_request' },
        read: ['trusted/{base_ref}', 'pr/{ref}'],
        write: 'pr/{ref}',
      },
      {
        id: 'branch',
        match: { event_name: 'push', ref_type: 'branch' },
        read: ['trusted/main', 'branch/{ref}'],
        write: 'branch/{ref}',
      },
    ],
  } satisfies Partial<Record<keyof Issuer, unknown>>
}

/** The same for GitLab. */
export function gitlabPolicy(iss: string): Policy {
  return policySchema.parse({
    workspaces: {
      acme: {
        trusted: { main: 'main' },
        issuers: [
          {
            kind: 'gitlab',
            iss,
            aud: TEST_AUDIENCE,
            pin: { project_id: '20', namespace_id: '72' },
            rules: [
              {
                id: 'main',
                match: { pipeline_source: ['push', 'schedule', 'web'], ref: 'main', ref_type: 'branch', ref_protected: 'true' },
                read: ['trusted/main'],
                write: 'trusted/main',
              },
              {
                id: 'merge-request',
                match: { pipeline_source: 'merge_request_event' },
                read: ['trusted/main', 'pr/{ref}'],
                write: 'pr/{ref}',
              },
              {
                id: 'branch',
                match: { pipeline_source: 'push', ref_type: 'branch' },
                read: ['trusted/main', 'branch/{ref}'],
                write: 'branch/{ref}',
              },
            ],
          },
        ],
      },
    },
  })
}
