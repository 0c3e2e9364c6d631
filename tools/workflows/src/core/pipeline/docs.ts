import type { OpenJob, PrivilegedJob, TrustedTriggers, Workflow } from '../model/types.ts'
import { environmentOf, type PipelineFacts } from './facts.ts'
import { commandJob, gateJob } from './parts.ts'
import { PINS } from './pins.ts'
import type { DocsSite } from './section.ts'

/** The workflow that publishes the site from the main branch. What a pull request does to the site, `ci.yml` builds. */
export function docsWorkflow(facts: PipelineFacts): Workflow[] {
  const { docs, image } = facts.section
  if (docs === undefined) return []
  const on: TrustedTriggers = { push: { branches: [facts.mainBranch] }, dispatch: true }
  return [
    {
      file: 'docs.yml',
      name: 'docs',
      on,
      concurrency: { group: ['docs-', { expr: 'github.ref' }], cancelInProgress: false },
      env: environmentOf(facts),
      jobs: [
        build(docs, image),
        deploy(docs, image),
        gateJob({ title: 'docs-gate', image, needs: ['build-docs', 'deploy'], planned: false }),
      ],
      satisfies: ['DOC-1'],
    },
  ]
}

function build({ project, output }: DocsSite, image: OpenJob['machine']): OpenJob {
  const job = commandJob({
    id: 'build-docs',
    image,
    words: ['npx', '--no', 'nx', 'run-many', '-t', 'build', '-p', project],
    timeoutMinutes: 30,
    purpose: 'the site with its reference pages; a dead link fails it',
    satisfies: [],
  })
  return {
    ...job,
    steps: [...job.steps, { kind: 'action', name: 'Site', pin: PINS.uploadPagesArtifact, with: { path: output } }],
  }
}

/** Runs no code of the repository beside its rights. */
function deploy({ environment }: DocsSite, image: PrivilegedJob['machine']): PrivilegedJob {
  return {
    id: 'deploy',
    trust: 'privileged',
    needs: ['build-docs'],
    machine: image,
    environment,
    timeoutMinutes: 15,
    grants: [
      { scope: 'pages', level: 'write', why: 'to publish the site' },
      { scope: 'id-token', level: 'write', why: 'to prove where the site comes from' },
    ],
    steps: [{ kind: 'action', name: 'Publish', pin: PINS.deployPages }],
    satisfies: [],
    purpose: 'what was built becomes the site',
  }
}
