import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import { namesOption } from './options.ts'

/** Where a plan of CI names the projects of one machine. */
export const PROJECTS_VARIABLE = 'INTERLOCK_PROJECTS'

/** The projects that an option or a variable chooses. */
export interface Choice {
  readonly from: string
  readonly projects: readonly string[]
}

/**
 * What `--projects` chooses, else the variable.
 *
 * @throws InterlockError `USAGE` when it chooses nothing, or what is not the name of a project.
 */
export function choiceOf({ options, env }: Pick<Invocation, 'options' | 'env'>): Choice | undefined {
  if (options['projects'] !== undefined) return { from: '--projects', projects: namesOption({ options }, 'projects') }
  const text = env[PROJECTS_VARIABLE]
  if (text === undefined) return undefined
  const projects = text.split(',').filter((name) => name !== '')
  const odd = projects.find((name) => /^[-!]|[*\s]/u.test(name))
  if (projects.length > 0 && odd === undefined) return { from: PROJECTS_VARIABLE, projects }
  throw new InterlockError(
    'USAGE',
    odd === undefined ? `${PROJECTS_VARIABLE} names no project` : `${PROJECTS_VARIABLE}: "${odd}" is not the name of a project`,
  )
}
