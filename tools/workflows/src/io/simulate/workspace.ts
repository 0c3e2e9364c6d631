import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError, nearest, runOk } from '@interlock/kit'
import type { Workflow } from '../../core/simulate/model.ts'
import { parseWorkflow } from '../../core/simulate/parse-workflow.ts'

const FOLDER = '.github/workflows'

/**
 * Reads the workflows of a repository, or one of them.
 *
 * @throws InterlockError `USAGE` for a file that is not there, `CONFIG_INVALID` for one that cannot be read.
 */
export function readWorkflows(root: string, only: string | undefined): readonly Workflow[] {
  const names = existsSync(join(root, FOLDER))
    ? readdirSync(join(root, FOLDER))
        .filter((name) => /\.ya?ml$/u.test(name))
        .sort()
    : []
  const wanted = only === undefined ? names : names.filter((name) => name === only || `${FOLDER}/${name}` === only)
  if (wanted.length > 0)
    return wanted.map((name) => parseWorkflow({ file: `${FOLDER}/${name}`, text: textOf(root, `${FOLDER}/${name}`) }))
  if (only === undefined)
    throw new InterlockError('USAGE', `there is no workflow in ${FOLDER}`, { hint: 'npx interlock ci generate writes them' })
  const meant = nearest(only, names)
  throw new InterlockError('USAGE', `there is no workflow ${JSON.stringify(only)} in ${FOLDER}`, {
    hint:
      meant === undefined ? `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ') || 'none'}` : `did you mean ${meant}?`,
  })
}

function textOf(root: string, file: string): string {
  const path = join(root, file)
  try {
    // Who opens a pipe waits until somebody writes to it.
    if (!statSync(path).isFile()) throw new InterlockError('CONFIG_INVALID', 'is no regular file', { file })
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof InterlockError) throw cause
    const { code } = cause as NodeJS.ErrnoException
    throw new InterlockError('CONFIG_INVALID', `cannot be read (${code ?? 'unknown reason'})`, { file, cause })
  }
}

/** A clone in which the last commit is checked out, as on a machine of GitHub: without what is not committed. */
export async function cloneWorkspace(root: string, folder: string): Promise<string> {
  const path = join(folder, 'workspace')
  await runOk(['git', 'clone', '--quiet', '--no-hardlinks', '--', root, path], { env: { GIT_LFS_SKIP_SMUDGE: '1' } })
  const { stdout } = await runOk(['git', 'rev-parse', 'HEAD'], { cwd: root })
  await runOk(['git', 'checkout', '--quiet', '--detach', stdout.trim()], { cwd: path })
  return path
}
