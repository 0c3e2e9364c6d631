import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'

/** The files below `root` that git tracks or would track, those of checked-out submodules included, as Nx lists them. */
export function listFiles(root: string): string[] {
  const files = lsFiles(root, ['--cached', '--others', '--exclude-standard', '--deduplicate'])
  const submodules = lsFiles(root, ['--stage'])
    .filter((entry) => entry.startsWith('160000 '))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
  // Without a .git of its own the folder is not checked out, and git would answer for the repository around it.
  const checkedOut = submodules.filter((path) => existsSync(join(root, path, '.git')))
  return [...files, ...checkedOut.flatMap((path) => listFiles(join(root, path)).map((file) => `${path}/${file}`))]
}

function lsFiles(root: string, flags: readonly string[]): string[] {
  const git = spawnSync('git', ['ls-files', '-z', ...flags], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (git.error !== undefined) {
    throw new InterlockError('TOOL_MISSING', 'git could not be started', { hint: 'install git', cause: git.error })
  }
  if (git.status !== 0) {
    throw new InterlockError('GIT_FAILED', `git ls-files ended with ${git.status}: ${git.stderr.trim()}`, {
      hint: 'run the command in a git working tree',
    })
  }
  return git.stdout.split('\0').filter((path) => path !== '')
}
