import { annotation } from '@interlock/kit'
import type { Base, EverythingCause } from '../core/base.ts'

/** Causes that somebody meant, or that were said where the run was planned. */
const MEANT: ReadonlySet<EverythingCause> = new Set(['asked', 'event', 'planned'])

/** Warns on the page of a run of CI that everything runs because no commit is known to be good. */
export function warnWhenWide(base: Base, env: Readonly<Record<string, string | undefined>>): void {
  if (base.kind === 'commit' || MEANT.has(base.cause)) return
  for (const line of annotation(env, 'warning', { title: 'everything runs', message: base.reason }))
    process.stderr.write(`${line}\n`)
}
