import { InterlockError } from '@interlock/kit'
import { NX_IGNORE } from './nx-ignore.ts'

const MANIFEST_BELOW_ROOT = /\/(?:Cargo|pyproject)\.toml(?::|$)/

/**
 * Adds to an error about one manifest what to do when that manifest is nobody's project: repositories keep broken ones as
 * test data and unfilled ones as templates.
 */
export function withWayOut(error: unknown): unknown {
  if (!(error instanceof InterlockError) || error.file === undefined || !MANIFEST_BELOW_ROOT.test(error.file)) return error
  const { code, reason, file, cause } = error
  const wayOut = `when it is no project (test data, a template), name its folder in ${NX_IGNORE}`
  return new InterlockError(code, reason, { file, cause, hint: error.hint === undefined ? wayOut : `${error.hint}; ${wayOut}` })
}
