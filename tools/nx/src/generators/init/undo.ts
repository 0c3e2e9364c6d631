import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { InterlockError, runProcess } from '@interlock/kit'
import { type GeneratorCallback, logger, type Tree } from '@nx/devkit'
import { type ChangedFile, reverse } from '../../core/init-undo.ts'
import { readRuns, RECORD_FILE } from '../../io/init-record.ts'
import { diffText } from './messages.ts'

/**
 * Takes back every recorded run of init. Throws `EDIT_CONFLICT`, with nothing changed, when one of the lines that init
 * wrote was edited since, and `USAGE` when there is no record.
 */
export function undoInit(tree: Tree): GeneratorCallback {
  const runs = readRuns(tree)
  if (runs.length === 0) {
    throw new InterlockError('USAGE', 'init has changed nothing in this clone that could be undone', {
      hint: 'if its changes are committed, revert that commit: git log -- nx.json',
    })
  }
  const texts = revert(tree, runs)
  const files = [...texts].map(([path, after]) => ({ path, before: tree.read(path, 'utf8'), after }))
  logger.info(diffText(files))
  for (const { path, after } of files) {
    if (after === undefined) tree.delete(path)
    else tree.write(path, after)
  }
  tree.delete(RECORD_FILE)
  return () => forgetNx(tree.root)
}

function revert(tree: Tree, runs: readonly (readonly ChangedFile[])[]): Map<string, string | undefined> {
  const texts = new Map<string, string | undefined>()
  const conflicts: string[] = []
  for (const file of runs.toReversed().flat()) {
    const current = texts.has(file.path) ? texts.get(file.path) : (tree.read(file.path, 'utf8') ?? undefined)
    const reversal = reverse(file, current)
    if (reversal.kind === 'conflict') conflicts.push(`${file.path}:${reversal.line}`)
    if (reversal.kind === 'write') texts.set(file.path, reversal.text)
    if (reversal.kind === 'delete') texts.set(file.path, undefined)
  }
  if (conflicts.length === 0) return texts
  throw new InterlockError('EDIT_CONFLICT', `edited since init wrote it: ${conflicts.join(', ')}; nothing was changed`, {
    hint: 'take those edits back or remove the lines by hand, then run --undo again',
  })
}

/** Stops Nx's daemon and removes its folder when git would show it now. */
async function forgetNx(root: string): Promise<void> {
  const nx = createRequire(import.meta.url).resolve('nx/package.json')
  await runProcess([process.execPath, join(nx, '..', 'dist', 'bin', 'nx.js'), 'reset', '--only-daemon'], { cwd: root })
  const ignored = await runProcess(['git', 'check-ignore', '--quiet', '.nx'], { cwd: root })
  if (ignored.kind === 'exited' && ignored.status === 1) rmSync(join(root, '.nx'), { recursive: true, force: true })
  logger.info('Undone. Packages that npm installed stay: npm uninstall nx @nx/devkit @interlock/nx')
}
