import type { SimulatedEvent } from './event.ts'
import {
  common,
  mergeGroupPayload,
  pullRequestPayload,
  pushPayload,
  type PullRequestOptions,
  type RepositoryFacts,
} from './payloads.ts'

/** An event that can be simulated by its name alone. */
export interface Fixture {
  readonly name: string
  readonly summary: string
  readonly event: (
    facts: RepositoryFacts,
  ) => Pick<SimulatedEvent, 'name' | 'ref' | 'payload'> & Partial<Pick<SimulatedEvent, 'actor' | 'actionOutputs'>>
  /** Only where the last commit changes nothing but these files. */
  readonly onlyChanges?: RegExp
}

/** What dependabot/fetch-metadata would say of a patch of an npm package. */
const PATCH = {
  'dependency-names': 'yaml',
  'dependency-type': 'direct:development',
  'update-type': 'version-update:semver-patch',
  'package-ecosystem': 'npm_and_yarn',
  directory: '/',
  'target-branch': 'main',
  'previous-version': '2.9.1',
  'new-version': '2.9.2',
  'dependency-group': '',
  'ghsa-id': '',
  'alert-state': '',
  cvss: '0',
}

export const FIXTURES: readonly Fixture[] = [
  push('push', 'a push to the main branch', ({ mainBranch }) => `refs/heads/${mainBranch}`),
  push('push-branch', 'a push to another branch', () => 'refs/heads/change'),
  push('push-tag', 'a push of the tag v1.2.3', () => 'refs/tags/v1.2.3'),
  push(
    'push-pull-request-branch',
    'a push to pull-request/7, where a reviewed commit of a fork is copied',
    () => 'refs/heads/pull-request/7',
  ),
  pullRequest('pull-request-opened', 'a new pull request from a branch', { action: 'opened' }),
  pullRequest('pull-request-synchronize', 'new commits in a pull request', { action: 'synchronize' }),
  pullRequest('pull-request-reopened', 'a pull request that is opened again', { action: 'reopened' }),
  pullRequest('pull-request-labeled', 'the label gpu is put on a pull request', { action: 'labeled', label: 'gpu' }),
  pullRequest('pull-request-unlabeled', 'the label gpu is taken off a pull request', { action: 'unlabeled', label: 'gpu' }),
  pullRequest('pull-request-fork', 'a new pull request from the repository of somebody else', { action: 'opened', from: 'fork' }),
  dependabot('pull-request-dependabot', 'a patch by Dependabot', 'version-update:semver-patch'),
  dependabot('pull-request-dependabot-major', 'a major version by Dependabot', 'version-update:semver-major'),
  {
    ...pullRequest('pull-request-workflow-only', 'a pull request that changes workflows alone', { action: 'opened' }),
    onlyChanges: /^\.github\//u,
  },
  {
    name: 'merge-group',
    summary: 'a group of the merge queue',
    event: (facts) => {
      const payload = mergeGroupPayload(facts)
      return { name: 'merge_group', ref: `refs/heads/gh-readonly-queue/${facts.mainBranch}/pr-7-${facts.base}`, payload }
    },
  },
  {
    name: 'schedule',
    summary: 'the time of the schedule has come',
    event: (facts) => ({ name: 'schedule', ref: `refs/heads/${facts.mainBranch}`, payload: common(facts) }),
  },
  {
    name: 'workflow-dispatch',
    summary: 'a person starts the workflow by hand, with the default inputs',
    event: (facts) => {
      const ref = `refs/heads/${facts.mainBranch}`
      return { name: 'workflow_dispatch', ref, payload: { ref, inputs: {}, ...common(facts) } }
    },
  },
]

/** The event of a fixture in a repository. */
export function fixtureEvent(
  fixture: Fixture,
  facts: RepositoryFacts,
  changedFiles: readonly string[] | undefined,
): SimulatedEvent {
  return { actor: 'octocat', variables: {}, actionOutputs: {}, sha: facts.head, changedFiles, ...fixture.event(facts) }
}

function push(name: string, summary: string, refOf: (facts: RepositoryFacts) => string): Fixture {
  return {
    name,
    summary,
    event: (facts) => ({ name: 'push', ref: refOf(facts), payload: pushPayload(facts, refOf(facts)) }),
  }
}

function pullRequest(name: string, summary: string, options: PullRequestOptions): Fixture {
  return {
    name,
    summary,
    event: (facts) => ({ name: 'pull_request', ref: 'refs/pull/7/merge', payload: pullRequestPayload(facts, options) }),
  }
}

function dependabot(name: string, summary: string, update: string): Fixture {
  const fixture = pullRequest(name, summary, { action: 'opened', from: 'dependabot' })
  const metadata = { ...PATCH, 'update-type': update, ...(update.endsWith('major') ? { 'new-version': '3.0.0' } : {}) }
  return {
    ...fixture,
    event: (facts) => ({
      ...fixture.event(facts),
      actor: 'dependabot[bot]',
      actionOutputs: { 'dependabot/fetch-metadata': { ...metadata, 'target-branch': facts.mainBranch } },
    }),
  }
}
