import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT } from '@interlock/kit'
import { describeBase } from '../core/base.ts'
import { resolveBase } from './resolve-base.ts'
import { warnWhenWide } from './warn-when-wide.ts'

/** `interlock base`: prints `commit <id>` or `everything`, and the reason on the next line. */
export async function runBase(invocation: Invocation): Promise<Outcome> {
  const base = await resolveBase(invocation)
  warnWhenWide(base, invocation.env)
  return { status: EXIT.done, prose: describeBase(base), data: base }
}
