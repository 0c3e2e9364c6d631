import type { Verb } from '@interlock/cli'
import { ALL_OPTION, BASE_OPTIONS, EVENT_OPTION, TARGETS_OPTION } from '@interlock/nx/options'

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
  {
    name: 'ci adopt',
    summary: 'what of the hand-written workflows the generated ones would replace; nothing is written',
    examples: ['interlock ci adopt', 'interlock ci adopt --json'],
    run: async (invocation) => (await import('./adopt.ts')).runAdopt(invocation),
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
    name: 'ci jobs',
    summary: 'what CI does, job by job',
    examples: ['interlock ci jobs'],
    run: async (invocation) => (await import('./jobs.ts')).runJobs(invocation),
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
]
