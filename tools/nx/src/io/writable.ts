import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { removeIfThere } from '@interlock/kit/system'

/** About what Nx writes before its first task: a disk that cannot hold this is full. */
const PROBE_BYTES = 512 * 1024

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EDQUOT: 'the quota of this user is used up',
  ENOSPC: 'the disk is full',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
}

/**
 * Nx keeps its state in the workspace and says nothing of the place when it cannot.
 *
 * @throws InterlockError `FOLDER_NOT_WRITABLE` with the folder and the reason.
 */
export function expectWritable(root: string, env: Readonly<Record<string, string | undefined>>): void {
  // As Nx takes it: relative to the workspace, wherever the command was typed.
  const folder = resolve(root, env['NX_WORKSPACE_DATA_DIRECTORY'] ?? join('.nx', 'workspace-data'))
  const probe = join(folder, `.interlock-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(probe, Buffer.alloc(PROBE_BYTES))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
    throw new InterlockError('FOLDER_NOT_WRITABLE', `cannot be written: ${REASONS[code] ?? code}`, {
      file: relative(root, folder),
      hint: 'make room or give the permission, or name another folder in NX_WORKSPACE_DATA_DIRECTORY and NX_CACHE_DIRECTORY',
      cause,
    })
  } finally {
    removeIfThere(probe)
  }
}
