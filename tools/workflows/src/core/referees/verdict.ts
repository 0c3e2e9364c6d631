import { EXIT, type ExitStatus } from '@interlock/kit'
import { type Excepted, type Exception, withoutExceptions } from './exceptions.ts'
import type { Finding, Reading, RefereeName } from './types.ts'

/** What one referee says of a workspace. Only `clean` is green. */
export interface RefereeVerdict {
  readonly name: RefereeName
  /** The version that is asked for. */
  readonly version: string
  readonly outcome: 'clean' | 'findings' | 'not run'
  /** Where the program was found; absent where it was not. */
  readonly program?: string
  /** Why it was not run. */
  readonly reason?: string
  /** What a person types to install it, where it is not installed. */
  readonly hint?: string
  readonly files: number
  readonly findings: readonly Finding[]
  readonly excepted: readonly Excepted[]
}

/** What the calls of a referee said, as one verdict. One answer that cannot be read is enough for `not run`. */
export function verdictOf(
  base: Pick<RefereeVerdict, 'name' | 'version' | 'files' | 'program'>,
  readings: readonly Reading[],
  exceptions: readonly Exception[],
): RefereeVerdict {
  const said = readings.flatMap((reading) => (reading.kind === 'read' ? reading.findings : []))
  const { open, excepted } = withoutExceptions(said, exceptions)
  const unreadable = readings.find((reading) => reading.kind === 'unreadable')
  if (open.length > 0) return { ...base, outcome: 'findings', findings: open, excepted }
  if (unreadable !== undefined) return { ...base, outcome: 'not run', reason: unreadable.reason, findings: open, excepted }
  return { ...base, outcome: 'clean', findings: open, excepted }
}

/** Findings come first: they are known, whatever else is not. */
export function statusOf(verdicts: readonly RefereeVerdict[]): ExitStatus {
  if (verdicts.some(({ outcome }) => outcome === 'findings')) return EXIT.checkFailed
  return verdicts.length > 0 && verdicts.every(({ outcome }) => outcome === 'clean') ? EXIT.done : EXIT.environment
}
