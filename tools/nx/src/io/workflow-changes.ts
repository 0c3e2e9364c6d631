import { CI_WORKFLOW, fileOf } from '../core/gate-runs.ts'
import { git, splitNul } from './git.ts'

/** Actions of the repository itself, which set its machines up. */
const LOCAL_ACTIONS = '.github/actions'

/**
 * The files of the running workflow and of the repository's own actions that are not the same at `commit` as they are now;
 * `undefined` where git cannot tell.
 */
export async function changedWorkflows(
  root: string,
  commit: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[] | undefined> {
  const workflow = `.github/workflows/${fileOf(env['GITHUB_WORKFLOW_REF'] ?? '') ?? CI_WORKFLOW}`
  const paths = [workflow, LOCAL_ACTIONS].map((path) => `:(top,literal)${path}`)
  const { status, stdout } = await git(root, ['diff', '--name-only', '-z', '--no-renames', commit, '--', ...paths])
  return status === 0 ? splitNul(stdout) : undefined
}
