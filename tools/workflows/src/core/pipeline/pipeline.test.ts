import { describe, expect, it } from 'vitest'
import { factsFor, WHOLE_SECTION } from '../../testing/facts.ts'
import { printedFor } from '../../testing/printed.ts'
import { printPipeline } from '../model/print.ts'
import { pipelineOf } from './pipeline.ts'

const FACTS = factsFor(WHOLE_SECTION)
const { files, workflows, steps } = printedFor(FACTS)
const jobs = Object.entries(workflows).flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ file, id, job })),
)

describe('every generated file', () => {
  it('is the same for the same facts, and is long enough to be one', () => {
    expect(printPipeline(pipelineOf({ ...FACTS }))).toEqual(files)
    expect(Object.keys(files)).toEqual([
      '.github/workflows/ci.yml',
      '.github/workflows/gpu-tests.yml',
      '.github/workflows/docs.yml',
      '.github/workflows/dependabot-auto-merge.yml',
      '.github/workflows/maintenance.yml',
      '.github/actions/packages/action.yml',
      '.github/actions/setup/action.yml',
      '.github/dependabot.yml',
      '.github/CODEOWNERS',
      '.github/actionlint.yaml',
    ])
    expect(steps.length).toBeGreaterThan(60)
  })

  it('is thin: the workflows have 620 lines at most', () => {
    const lines = Object.keys(workflows).flatMap((file) => (files[`.github/workflows/${file}`] ?? '').trimEnd().split('\n'))
    expect(lines.length).toBeLessThanOrEqual(620)
  })

  it('uses actions by commit, or of this repository', () => {
    const used = steps.flatMap(({ uses }) => uses ?? [])
    const pinned = /^[\w-]+\/[\w-]+(?:\/[\w-]+)?@[0-9a-f]{40}$/u
    expect(used.filter((name) => !pinned.test(name) && !name.startsWith('$/.github/actions/'))).toEqual([])
    for (const text of Object.values(files)) expect(text).not.toMatch(/uses: [^$\n]*@[0-9a-f]{40}(?! # v\d)/u)
  })

  it('names no action of this repository that is not there', () => {
    const local = steps.flatMap(({ uses }) => (uses?.startsWith('$/') === true ? [uses.slice(2)] : []))
    expect(local.filter((path) => !Object.hasOwn(files, `${path}/action.yml`))).toEqual([])
  })

  it('has commands that a shell reads as words, and one of ours or of npm', () => {
    const commands = steps.flatMap(({ run }) => run ?? [])
    expect(commands.filter((run) => /[$&|;<>`'"(){}\n\\]/u.test(run))).toEqual([])
    expect(commands.filter((run) => !/^npx --no (?:interlock|nx) |^npm (?:ci|run setup)/u.test(run))).toEqual([])
  })

  it('leaves no credentials behind, and fetches what a base needs', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true)
    expect(checkouts.length).toBeGreaterThanOrEqual(jobs.length - 1)
    for (const { with: given } of checkouts) expect(given).toMatchObject({ 'fetch-depth': '0', 'persist-credentials': 'false' })
  })

  it('keeps no packages behind the back of the cache that is asked for', () => {
    const node = steps.filter(({ uses }) => uses?.startsWith('actions/setup-node@') === true)
    expect(node).not.toEqual([])
    for (const { with: given } of node) expect(given).toMatchObject({ 'package-manager-cache': 'false' })
  })

  it('writes versions as text', () => {
    expect(files['.github/actions/setup/action.yml']).toContain("node-version: '20'\n")
    expect(steps.find(({ uses }) => uses?.startsWith('actions/setup-python@') === true)?.with).toEqual({
      'python-version': '3.9\n3.10\n',
    })
  })

  it('sets up a repository without a set-up of its own with npm alone', () => {
    const text = printedFor({ ...FACTS, hasSetupScript: false }).files['.github/actions/setup/action.yml'] ?? ''
    expect(text).toContain('run: npm ci')
    expect(text).not.toContain('npm run setup')
  })

  it('talks to no service that nobody chose', () => {
    expect(files['.github/workflows/ci.yml']).toContain("NX_NO_CLOUD: 'true'")
    const chosen = printedFor(factsFor('ci:\n  engines: [nx-cloud]\n')).files['.github/workflows/ci.yml']
    expect(chosen).toContain("NX_ISOLATE_PLUGINS: 'false'")
    expect(chosen).not.toContain('NX_NO_CLOUD')
  })
})

describe('every job', () => {
  it.each(jobs)('$file $id ends, and says in its permissions all it may do', ({ file, job }) => {
    expect(workflows[file]?.permissions).toEqual({})
    expect(job['timeout-minutes']).toBeGreaterThan(0)
    expect(Object.keys(job.permissions).length).toBeGreaterThan(0)
  })

  it('has rights in no other case than these', () => {
    const rights = jobs.flatMap(({ file, id, job }) =>
      Object.entries(job.permissions).flatMap(([scope, level]) => (level === 'write' ? [`${file} ${id} ${scope}`] : [])),
    )
    expect(rights).toEqual([
      'ci.yml security-scan security-events',
      'docs.yml deploy pages',
      'docs.yml deploy id-token',
      'dependabot-auto-merge.yml update contents',
      'dependabot-auto-merge.yml update pull-requests',
      'dependabot-auto-merge.yml update issues',
    ])
  })

  it('has a name that no other workflow has for what a branch may require', () => {
    const gates = jobs.filter(({ id }) => id === 'gate').map(({ job }) => job.name)
    expect(gates).toEqual(['gate', 'gpu-gate', 'docs-gate', 'maintenance-gate'])
    expect(new Set(gates).size).toBe(gates.length)
  })

  it('promise-1: is judged by the gate of its workflow, whatever became of it', () => {
    for (const [file, workflow] of Object.entries(workflows)) {
      if (file === 'dependabot-auto-merge.yml') continue
      const { gate, ...others } = workflow.jobs
      expect(gate?.if).toMatch(/^always\(\)(?: && \(.*\))?$/u)
      expect([...(gate?.needs ?? [])].sort()).toEqual(Object.keys(others).sort())
    }
  })

  it('is never cancelled for a newer one, but for a pull request', () => {
    const cancels = Object.entries(workflows).map(([file, { concurrency }]) => [file, concurrency['cancel-in-progress']])
    expect(Object.fromEntries(cancels)).toEqual({
      'ci.yml': "${{ github.event_name == 'pull_request' }}",
      'gpu-tests.yml': false,
      'docs.yml': false,
      'dependabot-auto-merge.yml': true,
      'maintenance.yml': false,
    })
  })
})

describe('the monthly run', () => {
  const monthly = (section: string) => printedFor(factsFor(section)).workflows['maintenance.yml']?.jobs

  it('has the targets that take too long for every change, on all projects', () => {
    const job = monthly('ci:\n  monthly: [fuzz, mutants]\n')?.['monthly']
    expect(job?.steps.at(-1)?.run).toBe('npx --no interlock affected --all -t fuzz mutants')
  })

  it('has a machine of its own set-up where that is asked for, and no other job has', () => {
    const { files, workflows } = printedFor(factsFor('ci:\n  monthly: [coverage]\n  monthlySetup: [--coverage]\n'))
    const setUps = Object.values(workflows['maintenance.yml']?.jobs ?? {}).flatMap(({ steps: all }) =>
      all.filter(({ uses }) => uses === '$/.github/actions/setup').map(({ with: given }) => given),
    )
    expect(setUps).toEqual([undefined, undefined, { also: 'monthly' }, { only: 'packages' }])
    expect(files['.github/actions/setup/action.yml']).toContain(
      "if: inputs.also == 'monthly'\n      run: npm run setup -- --coverage\n",
    )
  })

  it('says that a set-up of its own is missing where package.json has no such script', () => {
    const facts = { ...factsFor('ci:\n  monthly: [coverage]\n  monthlySetup: [--coverage]\n'), hasSetupScript: false }
    expect(printedFor(facts).files['.github/actions/setup/action.yml']).toContain('run: npm run setup -- --coverage\n')
  })

  it('has no job for them where there are none', () => {
    expect(Object.keys(monthly('') ?? {})).toEqual(['pins', 'report', 'gate'])
  })
})
