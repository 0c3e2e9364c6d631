import { copyFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessOptions, ProcessResult } from '../io/process.ts'
import type { TestWorkspace } from './workspace.ts'

/** Without the daemon, plugins in the same process, no cloud, no full-screen display; source files by their condition. */
const NX_ENVIRONMENT: Readonly<Record<string, string>> = {
  NODE_OPTIONS: '--conditions=@interlock/source',
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
}

/**
 * Lets the real Nx of a repository run in a workspace, with the repository's plugins from their source: links its
 * node_modules and copies its tsconfig.base.json. Writes `.gitignore` and an `nx.json` without plugins where they are absent.
 */
export async function linkNodeModules(workspace: TestWorkspace, repositoryRoot: string): Promise<void> {
  await symlink(join(repositoryRoot, 'node_modules'), join(workspace.root, 'node_modules'), 'junction')
  await copyFile(join(repositoryRoot, 'tsconfig.base.json'), join(workspace.root, 'tsconfig.base.json'))
  if (!(await workspace.exists('.gitignore'))) await workspace.write('.gitignore', 'node_modules\n.nx\ndist\ntarget\n')
  if (!(await workspace.exists('nx.json'))) {
    await workspace.write('nx.json', `${JSON.stringify({ analytics: false, cacheDirectory: '.nx/cache' }, undefined, 2)}\n`)
  }
  workspace.onDispose(async () =>
    (await workspace.exists('.nx/workspace-data/d')) ? nx(workspace, ['daemon', '--stop']) : undefined,
  )
}

/** Runs Nx in a workspace that `linkNodeModules` prepared. The environment in `options` comes on top of Nx's quiet one. */
export async function nx(
  workspace: TestWorkspace,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const program = join(workspace.root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js')
  return workspace.run([process.execPath, program, ...args], { ...options, env: { ...NX_ENVIRONMENT, ...options.env } })
}
