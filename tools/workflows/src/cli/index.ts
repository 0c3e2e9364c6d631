import type { Verb } from '@interlock/cli'
import { ALL_OPTION, BASE_OPTIONS, EVENT_OPTION, TARGETS_OPTION } from '@interlock/nx/options'

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
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
]
