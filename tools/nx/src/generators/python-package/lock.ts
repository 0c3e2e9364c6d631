import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runProcess } from '@interlock/kit'

/**
 * Lets uv add a new member to `uv.lock`, without the network where that is possible. Returns the command to type when uv
 * could not do it, `undefined` when the lock is complete or there is none.
 */
export async function lockMember(workspace: string): Promise<string | undefined> {
  if (!existsSync(join(workspace, 'uv.lock'))) return undefined
  for (const command of [
    ['uv', 'lock', '--offline'],
    ['uv', 'lock'],
  ]) {
    const result = await runProcess(command, { cwd: workspace })
    if (result.kind === 'exited' && result.status === 0) return undefined
  }
  return 'uv lock'
}
