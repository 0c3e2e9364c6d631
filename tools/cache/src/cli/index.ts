import type { LoadSections, Verb, VerbOption } from '@interlock/cli'

/** What this package reads from interlock.yaml. */
export const sections: LoadSections = async () => ({ cache: (await import('../core/section.ts')).cacheSection })

/** What entries are chosen by; all that are given have to hold. */
const SELECTION: readonly VerbOption[] = [
  { flags: '--scope <name>', description: 'a scope, or all of a class: "pr/*"' },
  { flags: '--run <id>', description: 'the run or pipeline that wrote it' },
  { flags: '--commit <id>', description: 'the commit that its writer was at' },
  { flags: '--actor <id>', description: 'the numeric id of who started the run' },
  { flags: '--digest <hex>', description: 'SHA-256 of the bytes' },
  { flags: '--hash <hash>', description: 'the hash of the task' },
  { flags: '--tool <name>', description: 'nx, turbo or sccache' },
  { flags: '--from <time>', description: 'written at this time or later, ISO 8601' },
  { flags: '--to <time>', description: 'written before this time, ISO 8601' },
  { flags: '--everything', description: 'all of the workspace; in place of the others' },
]
const ADMIN: readonly VerbOption[] = [
  { flags: '--token-file <file>', description: 'file with an admin token (else the variable INTERLOCK_CACHE_ADMIN_TOKEN)' },
  { flags: '--yes', description: 'do it; without this only what would be done is said' },
]

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = [
  {
    name: 'cache doctor',
    summary: 'whether this machine can use the cache: reachable, clock, TLS, token, read, write, round trip',
    options: [{ flags: '--read-only', description: 'write nothing, not even a small artifact to try it' }],
    examples: ['interlock cache doctor', 'interlock cache doctor --read-only --json'],
    run: async (invocation) => (await import('./doctor.ts')).runDoctor(invocation),
  },
  {
    name: 'cache purge',
    summary: 'take entries away from the cache, chosen by scope, run, commit, actor, digest, hash or time',
    options: [...SELECTION, { flags: '--block', description: 'refuse these bytes for good, under any name' }, ...ADMIN],
    examples: ['interlock cache purge --run 4711', 'interlock cache purge --scope "pr/*" --yes'],
    run: async (invocation) => (await import('./admin.ts')).runPurge(invocation),
  },
  {
    name: 'cache quarantine',
    summary: 'put entries of the cache aside, so that nobody reads them, or release them again',
    options: [...SELECTION, { flags: '--release', description: 'make them readable again' }, ...ADMIN],
    examples: ['interlock cache quarantine --run 4711', 'interlock cache quarantine --run 4711 --release --yes'],
    run: async (invocation) => (await import('./admin.ts')).runQuarantine(invocation),
  },
  {
    name: 'cache status',
    summary: 'what the last run got from the cache, which shields run, and how the cache is',
    examples: ['interlock cache status', 'interlock cache status --json'],
    run: async (invocation) => (await import('./status.ts')).runStatus(invocation),
  },
]
