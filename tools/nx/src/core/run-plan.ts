import { InterlockError, parseOptions } from '@interlock/kit'
import { z } from 'zod'
import { type Base, everything } from './base.ts'
import { COMMIT_PATTERN } from './commit-id.ts'

/** Where a workflow puts what the planning job expects, for the machines that run a part of it. */
export const PLAN_VARIABLE = 'INTERLOCK_PLAN'

/** What stands for a commit where there is none. */
const NO_COMMIT = 'none'
const EVERYTHING = 'everything'

/**
 * What the plan of a run says beside its jobs: the commit that it was made for, and what that was compared with. The names
 * begin with what no id of a job can begin with.
 */
export interface PlanHeader {
  readonly '@commit': string
  readonly '@base': string
  /** Why that is the base, in one line. */
  readonly '@reason': string
}

/** The schema of each name of the header. */
export const PLAN_HEADER: { readonly [Name in keyof PlanHeader]: z.ZodType<string> } = {
  '@commit': commitOr(NO_COMMIT),
  '@base': commitOr(EVERYTHING),
  '@reason': z.string(),
}

/** The header of a plan made where `commit` is checked out; `undefined` in a folder without one. */
export function planHeader(base: Base, commit: string | undefined): PlanHeader {
  const isCommit = base.kind === 'commit'
  return {
    '@commit': (isCommit ? base.head : undefined) ?? commit ?? NO_COMMIT,
    '@base': isCommit ? base.commit : EVERYTHING,
    '@reason': base.reason,
  }
}

/** Why a plan cannot be used at a commit, in one sentence; `undefined` when it was made for it. */
export function otherCommit(planned: string, commit: string | undefined): string | undefined {
  const here = commit ?? NO_COMMIT
  return planned === here ? undefined : `the plan was made for commit ${planned}, and this is ${here}`
}

/**
 * The base that the plan of a run decided, so that all its machines compare with the same; `undefined` where no plan is
 * given.
 *
 * @throws InterlockError `CONFIG_INVALID` for a plan that says nothing, `PLAN_OF_OTHER_COMMIT` for one of another commit.
 */
export function plannedBase(text: string | undefined, commit: string | undefined): Base | undefined {
  if (text === undefined) return undefined
  const from = `the plan in ${PLAN_VARIABLE}`
  const header = parseOptions(z.object(PLAN_HEADER), parsed(text, from), { what: `the entries of ${from}`, hint: HINT })
  const other = otherCommit(header['@commit'], commit)
  if (other !== undefined) {
    throw new InterlockError('PLAN_OF_OTHER_COMMIT', `${other}: what has to run here is not known`, {
      hint: 'check out the commit of the plan, or plan again',
    })
  }
  const reason = `as the plan of this run: ${header['@reason']}`
  if (header['@base'] === EVERYTHING) return everything('planned', reason)
  return { kind: 'commit', commit: header['@base'], head: undefined, reason }
}

function commitOr(word: string): z.ZodType<string> {
  const message = `is neither a full commit id nor "${word}"`
  return z.string(message).refine((text) => text === word || COMMIT_PATTERN.test(text), message)
}

const HINT = 'set it to the output "expected" of the job that ran "interlock ci plan"'

function parsed(text: string, from: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', `${from} is ${text.trim() === '' ? 'empty' : 'not JSON'}`, { hint: HINT, cause })
  }
}
