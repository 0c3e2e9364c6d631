import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { JOB_IDS } from '../jobs.ts'
import { printPipeline } from '../model/print.ts'
import type { PipelineFacts } from './facts.ts'
import { pipelineOf } from './pipeline.ts'

const FACTS: PipelineFacts = { mainBranch: 'main', pythonVersions: ['3.9', '3.10'], hasSetupScript: true, manifests: [] }
const files = printPipeline(pipelineOf(FACTS))

interface PrintedStep {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface PrintedJob {
  readonly needs?: readonly string[]
  readonly if?: string
  readonly permissions: Readonly<Record<string, string>>
  readonly 'timeout-minutes': number
  readonly outputs?: Readonly<Record<string, string>>
  readonly strategy?: { readonly matrix: string }
  readonly steps: readonly PrintedStep[]
}

const ci = parse(files['.github/workflows/ci.yml'] ?? '') as {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions: object
  readonly jobs: Readonly<Record<string, PrintedJob>>
}
const jobs = Object.entries(ci.jobs)
const steps: PrintedStep[] = [
  ...jobs.flatMap(([, job]) => [...job.steps]),
  ...(parse(files['.github/actions/setup/action.yml'] ?? '') as { runs: { steps: PrintedStep[] } }).runs.steps,
]

describe('every generated file', () => {
  it('is the same for the same facts, and is long enough to be one', () => {
    expect(printPipeline(pipelineOf({ ...FACTS }))).toEqual(files)
    expect(Object.keys(files)).toEqual(['.github/workflows/ci.yml', '.github/actions/setup/action.yml'])
    expect(steps.length).toBeGreaterThan(20)
  })

  it('uses actions by commit, or of this repository', () => {
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used.filter((name) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/u.test(name) && !name.startsWith('$/.github/actions/'))).toEqual(
      [],
    )
    for (const text of Object.values(files)) expect(text).not.toMatch(/uses: [^$\n]*@[0-9a-f]{40}(?! # v\d)/u)
  })

  it('has commands that a shell reads as words, and one of ours or of npm', () => {
    const commands = steps.flatMap(({ run }) => run ?? [])
    expect(commands.filter((run) => /[$&|;<>`'"(){}\n\\]/u.test(run))).toEqual([])
    expect(commands.filter((run) => !/^npx --no (?:interlock|nx) |^npm (?:ci|run setup)/u.test(run))).toEqual([])
  })

  it('leaves no credentials behind, and fetches what a base needs', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true)
    expect(checkouts).toHaveLength(jobs.length)
    for (const { with: given } of checkouts) expect(given).toEqual({ 'fetch-depth': '0', 'persist-credentials': 'false' })
  })

  it('writes versions as text', () => {
    const [setup = ''] = [files['.github/actions/setup/action.yml']]
    expect(setup).toContain("node-version: '20'\n")
    expect(steps.find(({ uses }) => uses?.startsWith('actions/setup-python@') === true)?.with).toEqual({
      'python-version': '3.9\n3.10\n',
    })
  })
})

describe('ci.yml', () => {
  it('runs for what decides about main, and nothing with the rights of main runs for a pull request', () => {
    expect(ci.on).toEqual({
      push: { branches: ['main'] },
      pull_request: { branches: ['main'] },
      merge_group: {},
      schedule: [{ cron: '0 2 * * *' }],
    })
    expect(ci.permissions).toEqual({})
    for (const [, job] of jobs) expect(job.permissions).toEqual({ contents: 'read' })
  })

  it('ends every job', () => {
    for (const [, job] of jobs) expect(job['timeout-minutes']).toBeGreaterThan(0)
  })

  it('promise-1: has a gate that judges every other job, whatever became of it', () => {
    const { gate, ...others } = ci.jobs
    expect(gate?.if).toBe('always()')
    expect([...(gate?.needs ?? [])].sort()).toEqual(Object.keys(others).sort())
  })

  it('promise-1: has a job for each that the plan speaks of, on the machines of the plan', () => {
    for (const id of JOB_IDS) {
      expect(ci.jobs[id]).toMatchObject({
        needs: ['plan'],
        if: `fromJSON(needs.plan.outputs.expected)['${id}'] == 'run'`,
        strategy: { matrix: `\${{ fromJSON(needs.plan.outputs['${id}']) }}` },
      })
      expect(ci.jobs['plan']?.outputs?.[id]).toBe(`\${{ steps.run.outputs.${id} }}`)
    }
    expect(jobs.filter(([id, job]) => job.if !== undefined && id !== 'gate').map(([id]) => id)).toEqual(JOB_IDS)
  })

  it('promise-1: plans and runs the same targets', () => {
    const targets = jobs.flatMap(([, job]) => job.steps.flatMap(({ run }) => / -t (.*)$/u.exec(run ?? '')?.[1] ?? []))
    expect(new Set(targets)).toEqual(new Set(['format lint typecheck build test test-py3.9 test-py3.10']))
    expect(targets).toHaveLength(1 + JOB_IDS.length)
  })

  it('sets up a repository without a set-up of its own with npm alone', () => {
    const text = printPipeline(pipelineOf({ ...FACTS, hasSetupScript: false }))['.github/actions/setup/action.yml'] ?? ''
    expect(text).toContain('run: npm ci')
    expect(text).not.toContain('npm run setup')
  })
})
