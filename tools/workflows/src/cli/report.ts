import type { Invocation, Outcome } from '@interlock/cli'
import { alignedRows, EXIT, InterlockError } from '@interlock/kit'
import { lastJudged, summarize, type WorkflowSummary } from '../core/report/runs.ts'
import { judgeSecrets, type SecretVerdict, type StoredSecrets } from '../core/report/secrets.ts'
import { pipelineFacts } from '../io/facts.ts'
import { addSummary, tableRow } from '../io/github.ts'
import { type GitHub, githubOf } from '../io/github-api.ts'
import { MOST_RUNS, runsSince, secretsOf } from '../io/report.ts'

const DEFAULT_DAYS = 30
const DAY_MS = 24 * 60 * 60 * 1000

/** The main branch is judged every night, so a week without is seven nights of nothing. */
const MOST_SILENT_DAYS = 7

/** `interlock ci report`: how long the workflows take, what had to be repeated, and which secrets are old. */
export async function runReport({ root, env, options }: Invocation): Promise<Outcome> {
  const days = daysOf(options['days'])
  const { mainBranch, section } = pipelineFacts(root)
  const github = githubOf(env)
  const repository = repositoryOf(env)
  const now = Date.now()
  const { runs, total } = await runsSince(github, repository, new Date(now - days * DAY_MS).toISOString().slice(0, 10))
  const workflows = summarize(runs)
  const silent = silenceOf(lastJudged(runs, { workflow: 'ci.yml', branch: mainBranch }), { now, days, mainBranch })
  const secrets = judgeSecrets(section.secrets, await storedSecrets(github, repository, section.secrets), now)
  const bounded = total > runs.length ? [`only the newest ${MOST_RUNS} of ${total} runs were read`] : []
  const tables = [workflowTable(workflows), ...(secrets.length === 0 ? [] : [secretTable(secrets)])]
  const sentences = [...bounded, ...(silent === undefined ? [] : [silent])]
  addSummary(env, ['### Report', '', ...tables.flatMap((rows) => [...markdown(rows), '']), ...sentences].join('\n'))
  return {
    status: statusOf(secrets, silent),
    prose: [...tables.flatMap((rows) => [...alignedRows(rows), '']), ...sentences].join('\n').trimEnd(),
    data: { days, repository, workflows, secrets, silent: silent ?? null, runs: runs.length, total },
  }
}

function daysOf(value: unknown): number {
  if (value === undefined) return DEFAULT_DAYS
  const days = typeof value === 'string' && /^[0-9]+$/u.test(value) ? Number(value) : 0
  if (days >= 1 && days <= 400) return days
  throw new InterlockError('USAGE', `--days takes a whole number from 1 to 400, not ${JSON.stringify(value)}`)
}

function repositoryOf(env: Invocation['env']): string {
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  if (/^[\w.-]+\/[\w.-]+$/u.test(repository)) return repository
  throw new InterlockError('CONFIG_INVALID', 'GITHUB_REPOSITORY does not name a repository as owner/name', {
    hint: 'GitHub Actions sets it; on a laptop set it yourself, and GITHUB_TOKEN for what is not public',
  })
}

async function storedSecrets(
  github: GitHub,
  repository: string,
  inventory: readonly { readonly environment: string }[],
): Promise<ReadonlyMap<string, StoredSecrets>> {
  const stored = new Map<string, StoredSecrets>()
  for (const environment of new Set(inventory.map((secret) => secret.environment)))
    stored.set(environment, await secretsOf(github, repository, environment))
  return stored
}

function silenceOf(
  last: number | undefined,
  { now, days, mainBranch }: { readonly now: number; readonly days: number; readonly mainBranch: string },
): string | undefined {
  if (last === undefined) return `ci.yml has not judged ${mainBranch} in the last ${days} days`
  const silent = Math.floor((now - last) / DAY_MS)
  return silent > MOST_SILENT_DAYS ? `ci.yml judged ${mainBranch} ${silent} days ago: it runs every night` : undefined
}

/** What is old, missing or silent is a finding; what was not looked at is never better than what was. */
function statusOf(secrets: readonly SecretVerdict[], silent: string | undefined): number {
  if (silent !== undefined || secrets.some(({ state }) => state === 'old' || state === 'missing')) return EXIT.checkFailed
  return secrets.some(({ state }) => state === 'not checked') ? EXIT.inconclusive : EXIT.done
}

function workflowTable(workflows: readonly WorkflowSummary[]): string[][] {
  const rows = workflows.map(({ workflow, runs, green, red, other, repeated, median, slow }) => [
    workflow,
    ...[runs, green, red, other, repeated].map(String),
    minutes(median),
    minutes(slow),
  ])
  return [['workflow', 'runs', 'green', 'red', 'other', 'green when repeated', 'median', '95 of 100 within'], ...rows]
}

function secretTable(secrets: readonly SecretVerdict[]): string[][] {
  return [
    ['secret', 'environment', 'state', ''],
    ...secrets.map(({ name, environment, state, sentence }) => [name, environment, state, sentence]),
  ]
}

function minutes(seconds: number | undefined): string {
  return seconds === undefined ? '-' : `${(seconds / 60).toFixed(1)} min`
}

function markdown([head = [], ...rows]: readonly string[][]): string[] {
  return [tableRow(head), tableRow(head.map(() => '---')).replaceAll(' ', ''), ...rows.map(tableRow)]
}
