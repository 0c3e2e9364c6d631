import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { NotEvaluableError } from '../../core/simulate/expression.ts'
import type { LocalAction } from '../../core/simulate/model.ts'
import { parseAction } from '../../core/simulate/parse-workflow.ts'

/** The folder of an action of the same repository, `./x` or `$/x`; `undefined` for an action of another one. */
export function localActionFolder(action: string): string | undefined {
  return /^[.$]\/(.*)$/u.exec(action)?.[1]
}

/** Reads the action in a folder of the workspace. Throws `NotEvaluableError` where GitHub could not use it. */
export function readLocalAction(workspace: string, folder: string): LocalAction {
  const path = resolve(workspace, folder)
  const file = ['action.yml', 'action.yaml'].map((name) => join(path, name)).find(existsSync)
  if (file === undefined) throw new NotEvaluableError(`there is no action.yml in ${folder}`)
  const shown = relative(realpathSync(workspace), realpathSync(file))
  if (shown.startsWith('..')) throw new NotEvaluableError(`the action ${folder} lies outside of the repository`)
  try {
    return parseAction({ file: shown, text: readFileSync(file, 'utf8') })
  } catch (error) {
    if (error instanceof InterlockError) throw new NotEvaluableError(`${error.file ?? shown}: ${error.reason}`, { cause: error })
    throw error
  }
}
