import type { LoadSections, Verb } from '@interlock/cli'
import { ALL_OPTION, BASE_OPTIONS, EVENT_OPTION, TARGETS_OPTION } from '@interlock/nx/options'

/** What this package reads from interlock.yaml. */
export const sections: LoadSections = async () => ({ ci: (await import('../core/pipeline/section.ts')).ciSection })

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
  {
    name: 'ci adopt',
    summary: 'what of the hand-written workflows the generated ones would replace; nothing is written',
    examples: ['interlock ci adopt', 'interlock ci adopt --json'],
    run: async (invocation) => (await import('./adopt.ts')).runAdopt(invocation),
  },
  {
    name: 'ci authorize',
    summary: 'which commit may run on a machine of the owner, as the event of GitHub Actions says it',
    examples: ['interlock ci authorize'],
    run: async (invocation) => (await import('./authorize.ts')).runAuthorize(invocation),
  },
  {
    name: 'ci gate',
    summary: 'whether a run of CI did what it had to do',
    options: [
      { flags: '--needs <file>', description: 'what toJSON(needs) gives (else the variable INTERLOCK_NEEDS)' },
      { flags: '--plan-job <id>', description: 'the job that planned the run (else "plan")' },
      { flags: '--no-plan', description: 'the workflow has no plan: every job has to succeed' },
    ],
    examples: ['interlock ci gate', 'interlock ci gate --needs needs.json --json'],
    run: async (invocation) => (await import('./gate.ts')).runGate(invocation),
  },
  {
    name: 'ci generate',
    summary: 'write the workflows of CI, as nx sync does, also where the graph is broken',
    options: [{ flags: '--check', description: 'change nothing; status 1 where a file is not what the pipeline says' }],
    examples: ['interlock ci generate', 'interlock ci generate --check'],
    run: async (invocation) => (await import('./generate.ts')).runGenerate(invocation),
  },
  {
    name: 'ci gpu',
    summary: 'what "affected" does, once the machine is found to have an NVIDIA GPU and CUDA 12',
    options: [TARGETS_OPTION, ...BASE_OPTIONS, EVENT_OPTION, ALL_OPTION],
    rest: 'flags of nx',
    examples: ['interlock ci gpu -t test-gpu'],
    run: async (invocation) => (await import('./gpu.ts')).runGpu(invocation),
  },
  {
    name: 'ci jobs',
    summary: 'what CI does, job by job',
    examples: ['interlock ci jobs'],
    run: async (invocation) => (await import('./jobs.ts')).runJobs(invocation),
  },
  {
    name: 'ci lint',
    summary: "what is wrong with workflows, actions and dependabot.yml: our rules and GitHub's own parser",
    arguments: [{ name: '[files...]', description: 'files to look at (else everything below .github)' }],
    options: [{ flags: '--sarif <file>', description: 'write SARIF 2.1.0 for code scanning; "-" prints it' }],
    examples: ['interlock ci lint', 'interlock ci lint .github/workflows/ci.yml --json', 'interlock ci lint --sarif lint.sarif'],
    run: async (invocation) => (await import('./lint.ts')).runLint(invocation),
  },
  {
    name: 'ci pins',
    summary: 'the third-party actions of CI: which, whether nothing else is used, and what is newer',
    options: [
      { flags: '--check', description: 'status 1 where something else is used; reads files alone' },
      { flags: '--online', description: 'with --check: also whether the tags still point at the commits' },
      { flags: '--update', description: 'ask for newer versions that have been out for a week; status 3 where nobody answers' },
      { flags: '--write', description: 'with --update: take them into interlock.yaml, except new major versions' },
      { flags: '--timeout <seconds>', description: 'time for one answer of a repository (else 60)' },
    ],
    examples: ['interlock ci pins', 'interlock ci pins --check', 'interlock ci pins --update'],
    run: async (invocation) => (await import('./pins.ts')).runPins(invocation),
  },
  {
    name: 'ci plan',
    summary: 'what a run of CI has to do, divided over jobs and machines',
    options: [
      TARGETS_OPTION,
      ...BASE_OPTIONS,
      EVENT_OPTION,
      ALL_OPTION,
      { flags: '--wall <seconds>', description: 'time that one machine shall need at most (else 300)' },
      { flags: '--max-shards <number>', description: 'machines for one job (else 8)' },
    ],
    examples: ['interlock ci plan -t test', 'interlock ci plan -t lint test --base main --json'],
    run: async (invocation) => (await import('./plan.ts')).runPlan(invocation),
  },
  {
    name: 'ci policy',
    summary: 'whether the workflows may run: "ci lint", "ci pins --check" and "ci referees" in one',
    examples: ['interlock ci policy', 'interlock ci policy --json'],
    run: async (invocation) => (await import('./policy.ts')).runPolicy(invocation),
  },
  {
    name: 'ci referees',
    summary: 'what zizmor, actionlint, check-jsonschema and act say of the workflows; status 6 where one is not installed',
    examples: ['interlock ci referees', 'interlock ci referees --json'],
    run: async (invocation) => (await import('./referees.ts')).runCiReferees(invocation),
  },
  {
    name: 'ci report',
    summary: 'how long the workflows take, what had to be repeated, and which secrets are old',
    options: [{ flags: '--days <number>', description: 'how far back (else 30)' }],
    examples: ['interlock ci report', 'interlock ci report --days 90 --json'],
    run: async (invocation) => (await import('./report.ts')).runReport(invocation),
  },
  {
    name: 'ci simulate',
    summary: 'run the workflows that an event starts on this machine, and say what became of each job',
    options: [
      { flags: '--event <fixture>', description: 'the event: a name that --list shows, or a JSON file { name, payload }' },
      { flags: '--list', description: 'run nothing; the events, and what each would start' },
      { flags: '--workflow <file>', description: 'only this workflow, such as ci.yml' },
      {
        flags: '--fail <jobs...>',
        description: 'these jobs fail without running: an id, or one machine of its matrix: "job (1)"',
      },
      { flags: '--skip <jobs...>', description: 'these jobs are skipped' },
      { flags: '--cancel <jobs...>', description: 'these jobs are cancelled' },
      { flags: '--control-flow', description: 'run only the commands that decide about other jobs, and the gate' },
      { flags: '--copy', description: 'run in a clone of the last commit instead of here' },
      { flags: '--pass <names...>', description: 'variables of this shell that the steps see too' },
    ],
    examples: [
      'interlock ci simulate --list',
      'interlock ci simulate --event push --control-flow',
      'interlock ci simulate --event pull-request-opened --control-flow --fail "rust-tests (1)"',
    ],
    run: async (invocation) => (await import('./simulate.ts')).runSimulate(invocation),
  },
  {
    name: 'ci update',
    summary: 'what becomes of a pull request of Dependabot: it merges once the gate is green, or a person decides',
    options: [
      { flags: '--event <file>', description: 'payload of pull_request (else that of GITHUB_EVENT_PATH)' },
      { flags: '--reviewers <names...>', description: 'users, or teams as organization/team, to ask where a person decides' },
      { flags: '--method <name>', description: 'squash, merge or rebase (else the first of them that is allowed)' },
      { flags: '--dry-run', description: 'change nothing; print the decision and the calls that it would make' },
    ],
    examples: ['interlock ci update --reviewers octocat', 'interlock ci update --event payload.json --dry-run --json'],
    run: async (invocation) => (await import('./update.ts')).runUpdate(invocation),
  },
]
