import type { Tree } from '@nx/devkit'
import { remedyOf, sentenceOf } from '../../core/drift.ts'
import { planGeneration } from '../../core/generation.ts'
import { pipelineFacts } from '../../io/facts.ts'
import { presentFiles } from '../../io/generated-files.ts'

/** What Nx shows when something was out of date; empty when nothing was. */
interface SyncResult {
  readonly outOfSyncMessage?: string
  readonly outOfSyncDetails?: string[]
}

/** Writes the generated files below `.github`. A hand-written file that nobody named is an error. */
export default function sync(tree: Tree): SyncResult {
  const { drift, writes, removals } = planGeneration(pipelineFacts(tree.root), presentFiles(tree.root))
  const open = drift.find(({ kind }) => remedyOf(kind) !== undefined)
  if (open !== undefined) throw new Error(`${sentenceOf(open)}: ${remedyOf(open.kind)}`)
  if (drift.length === 0) return {}
  for (const [path, text] of Object.entries(writes)) tree.write(path, text)
  for (const path of removals) tree.delete(path)
  return {
    outOfSyncMessage: 'The generated files of CI are not what the pipeline says.',
    outOfSyncDetails: drift.map(sentenceOf),
  }
}
