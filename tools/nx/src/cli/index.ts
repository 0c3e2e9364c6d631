import type { LoadSections, Verb } from '@interlock/cli'
import { ALL_OPTION, BASE_OPTIONS, EVENT_OPTION, TARGETS_OPTION } from './verb-options.ts'

/** What this package reads from interlock.yaml. */
export const sections: LoadSections = async () => ({ graph: (await import('../core/options.ts')).graphSection })

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
  {
    name: 'affected',
    summary: 'run targets of what a change can reach, and say what became of each',
    options: [
      TARGETS_OPTION,
      ...BASE_OPTIONS,
      EVENT_OPTION,
      ALL_OPTION,
      { flags: '--projects <names...>', description: 'only these projects (else INTERLOCK_PROJECTS, as "ci plan" gives them)' },
    ],
    rest: 'flags of nx',
    examples: ['interlock affected -t test', 'interlock affected -t lint test --base main -- --parallel=2'],
    run: async (invocation) => (await import('./affected.ts')).runAffected(invocation),
  },
  {
    name: 'base',
    summary: 'the commit that a change is compared with, and why',
    options: [...BASE_OPTIONS, EVENT_OPTION],
    examples: ['interlock base', 'interlock base --base origin/main --json', 'interlock base --event payload.json'],
    run: async (invocation) => (await import('./base.ts')).runBase(invocation),
  },
  {
    name: 'doctor',
    summary: 'everything about this workspace that could make a green signal wrong',
    examples: ['interlock doctor'],
    run: async (invocation) => (await import('./doctor.ts')).runDoctor(invocation),
  },
  {
    name: 'lock diff',
    summary: 'the packages that moved in the lock files, and for which projects',
    options: BASE_OPTIONS.slice(0, 1),
    examples: ['interlock lock diff', 'interlock lock diff --base v1.2.0 --json'],
    run: async (invocation) => (await import('./lock-diff.ts')).runLockDiff(invocation),
  },
  {
    name: 'why',
    summary: 'what made a project affected, or why it was not: file, input, path of dependencies',
    arguments: [{ name: '<project[:target]>', description: 'a project, or one target of it' }],
    options: [...BASE_OPTIONS, EVENT_OPTION],
    examples: ['interlock why proxy', 'interlock why proxy:test --base main', 'interlock why proxy --event payload.json'],
    run: async (invocation) => (await import('./why.ts')).runWhy(invocation),
  },
]
