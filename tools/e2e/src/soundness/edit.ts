import type { Random } from './random.ts'
import type { Sandbox } from './sandbox.ts'

/** What one edit did, and what it must affect beyond what the oracle can see. */
export interface Edit {
  /** Words for the report, e.g. `cargo update fnv to 1.0.6`. */
  readonly description: string
  readonly kind: string
  /** Projects that must run whatever the oracle says: `all`, a language, or none. */
  readonly wide: 'all' | 'rust' | 'python' | 'none'
}

/** A generated workspace of one language that knows how to change itself. */
export interface Generated {
  readonly language: 'rust' | 'python'
  /** Writes every file of the first commit, lock file included. */
  readonly create: (sandbox: Sandbox) => void
  /** Makes one random change in the working tree; `undefined` when the drawn kind does not apply to this state. */
  readonly edit: (sandbox: Sandbox, random: Random) => Edit | undefined
}

/** Root files that no tool declares: unknown means wide. */
export function editRoot(sandbox: Sandbox, random: Random, serial: number): Edit {
  const file = random.pick(['Makefile', 'scripts/check.sh', 'settings.env', 'data/table.csv'])
  sandbox.write(file, `serial ${serial}\n`)
  return { description: `unknown root file ${file}`, kind: 'unknown root file', wide: 'all' }
}

/** A note beside the projects: known to be harmless. */
export function editNote(sandbox: Sandbox, _random: Random, serial: number): Edit {
  sandbox.write('NOTES.md', `# Note ${serial}\n`)
  return { description: 'root note', kind: 'harmless file', wide: 'none' }
}
