import { gateOnPage, judgingRuns, type WorkflowRun } from '../core/gate-runs.ts'
import type { GreenSearch } from '../core/push-base.ts'
import { fetchDeeper, FIRST_DEPTH, MOST_COMMITS } from './deepen.ts'
import { gitText, isShallow } from './git.ts'
import { askGitHub, type GitHubApi } from './github-api.ts'

/** Pages of runs, of a hundred each: GitHub lists no more than a thousand. */
const MOST_PAGES = 10

/** Runs whose gate is asked for: so many red ones in a row, and everything runs. */
const MOST_GATES = 50

/** Pages of jobs, of a hundred each: more than GitHub starts in five matrices. */
const MOST_JOB_PAGES = 15

/** Commits of the branch that a run is looked for at. */
const MOST_STATES = 20_000

/** Where a green commit is looked for. */
export interface GreenQuery {
  readonly api: GitHubApi
  readonly branch: string
  /** Full id of the commit that is judged now; its own runs say nothing yet. */
  readonly head: string
}

/**
 * Looks for the newest commit before `head`, along first parents, whose gate passed: the job `gate` of a run of this
 * workflow for that commit. Runs come newest first and page by page; a clone that is too shallow to know their commits is
 * deepened.
 */
export async function findGreenCommit(root: string, query: GreenQuery): Promise<GreenSearch> {
  const { api, branch, head } = query
  const asked = new Set<number>()
  let states = await statesBelow(root, head)
  let depth = FIRST_DEPTH
  let page: string | undefined = runsPath(api, branch)
  for (let pages = 0; page !== undefined; pages += 1) {
    if (pages === MOST_PAGES) return { kind: 'none', asked: asked.size, isBounded: true }
    const answer = await askGitHub(api, page)
    if (answer.kind === 'failed') return { kind: 'unknown', reason: answer.reason }
    const runs = judgingRuns(answer.body, { ...api, branch })
    if (runs === undefined) return { kind: 'unknown', reason: 'the answer of GitHub is not the list of runs that it documents' }
    for (;;) {
      for (const run of newestFirst(runs, states)) {
        if (asked.has(run.id)) continue
        if (asked.size === MOST_GATES) return { kind: 'none', asked: asked.size, isBounded: true }
        asked.add(run.id)
        const gate = await gateOf(api, run)
        if (gate.kind === 'unknown') return gate
        if (gate.kind === 'passed') return { kind: 'found', commit: run.commit, run: run.id }
      }
      if (depth > MOST_COMMITS || !(await isShallow(root)) || !(await fetchDeeper(root, depth, head))) break
      depth *= 2
      states = await statesBelow(root, head)
    }
    page = answer.next
  }
  return { kind: 'none', asked: asked.size, isBounded: false }
}

function runsPath({ repository, workflow }: GitHubApi, branch: string): string {
  const query = new URLSearchParams({ branch, status: 'completed', exclude_pull_requests: 'true', per_page: '100' })
  return `repos/${repository}/actions/workflows/${encodeURIComponent(workflow)}/runs?${query.toString()}`
}

/** The place of each earlier state of the branch that this clone has, the newest first. */
async function statesBelow(root: string, head: string): Promise<ReadonlyMap<string, number>> {
  const count = `--max-count=${MOST_STATES}`
  const listed = await gitText(root, ['rev-list', '--first-parent', '--skip=1', count, head])
  return new Map((listed ?? '').split('\n').map((commit, index) => [commit, index]))
}

function newestFirst(runs: readonly WorkflowRun[], states: ReadonlyMap<string, number>): WorkflowRun[] {
  const place = ({ commit }: WorkflowRun): number => states.get(commit) ?? -1
  return runs.filter((run) => place(run) >= 0).sort((left, right) => place(left) - place(right))
}

type Gate = { readonly kind: 'passed' } | { readonly kind: 'red' } | Extract<GreenSearch, { readonly kind: 'unknown' }>

/** Every job `gate` of the run must have passed; a run without one, or with more jobs than are read, has not. */
async function gateOf(api: GitHubApi, { id }: WorkflowRun): Promise<Gate> {
  let page: string | undefined = `repos/${api.repository}/actions/runs/${id}/jobs?filter=latest&per_page=100`
  let isPassed = false
  for (let pages = 0; page !== undefined; pages += 1) {
    if (pages === MOST_JOB_PAGES) return { kind: 'red' }
    const answer = await askGitHub(api, page)
    if (answer.kind === 'failed') return { kind: 'unknown', reason: answer.reason }
    const gate = gateOnPage(answer.body)
    if (gate === undefined) return { kind: 'unknown', reason: 'the answer of GitHub is not the list of jobs that it documents' }
    if (gate === 'red') return { kind: 'red' }
    isPassed ||= gate === 'passed'
    page = answer.next
  }
  return { kind: isPassed ? 'passed' : 'red' }
}
