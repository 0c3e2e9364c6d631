import { type Found, findReferee } from '../io/referees/find.ts'
import type { RefereeName } from '../core/referees/types.ts'
import { REPOSITORY } from './generated.ts'

/** A referee that tests need, and the words for its tests: skipped ones say what was not run. */
export interface RefereeHere {
  readonly found: Found
  readonly missing: boolean
  readonly title: string
}

export async function refereeHere(name: RefereeName): Promise<RefereeHere> {
  const found = await findReferee(REPOSITORY, name, process.env)
  const missing = found.kind === 'not found'
  return { found, missing, title: missing ? `${name} (not run: ${found.reason}; npm run setup installs it)` : name }
}
