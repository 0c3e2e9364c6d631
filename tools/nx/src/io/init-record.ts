import { InterlockError } from '@interlock/kit'
import type { Tree } from '@nx/devkit'
import { z } from 'zod'
import type { ChangedFile } from '../core/init-undo.ts'

/** What every run of `init` in this clone did, the oldest first. Git does not see the file. */
export const RECORD_FILE = '.nx/interlock/init.json'

const record = z.strictObject({
  version: z.literal(1),
  runs: z.array(
    z.array(z.strictObject({ path: z.string(), before: z.string().nullable(), after: z.string(), generated: z.boolean() })),
  ),
})

/** The recorded runs; empty when there is no record. Throws `CONFIG_INVALID` when it was damaged. */
export function readRuns(tree: Tree): readonly (readonly ChangedFile[])[] {
  const text = tree.read(RECORD_FILE, 'utf8')
  if (text === null) return []
  try {
    return record.parse(JSON.parse(text)).runs
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', 'the record of what init did cannot be read', {
      file: RECORD_FILE,
      hint: 'revert the commit that holds the changes of init',
      cause,
    })
  }
}

/** Remembers one more run. */
export function addRun(tree: Tree, files: readonly ChangedFile[]): void {
  const runs = [...readRuns(tree), files]
  tree.write(RECORD_FILE, `${JSON.stringify({ version: 1, runs }, null, 2)}\n`)
}
