import { InterlockError, type ReaderResult } from '@interlock/kit'
import { readNxJson, type Tree } from '@nx/devkit'
import { slicesAtCommit } from '../../cli/slices.ts'
import { CLOSURES_FILE, closuresOf, readClosures, renderClosures, staleProjects } from '../../core/closures.ts'
import { staleParents } from '../../core/parent-entries.ts'
import { committableParents } from '../../io/facts.ts'
import { registrationOf } from '../../core/config-files.ts'
import { diffLocks, renderLockDiff } from '../../core/lock-diff.ts'
import { gitText } from '../../io/git.ts'
import { readWorkspace } from '../../io/graph.ts'
import { settingsOf } from '../../io/settings.ts'
import { workspaceFilesOnDisk } from '../../io/workspace-files.ts'

/** What Nx shows when something was out of date; empty when nothing was. */
interface SyncResult {
  readonly outOfSyncMessage?: string
  readonly outOfSyncDetails?: string[]
}

/** Writes closures.json and says which packages moved for which projects, because the file itself cannot. */
export default async function closures(tree: Tree): Promise<SyncResult> {
  const files = workspaceFilesOnDisk(tree.root)
  const settings = settingsOf(files, registrationOf(readNxJson(tree) ?? {})?.options)
  const results = readWorkspace(files, settings)
  const parents = committableParents(tree.root, files, results)
  const table = closuresOf(results, parents)
  const before = tree.read(CLOSURES_FILE, 'utf-8') ?? undefined
  const text = renderClosures(table)
  if (before === text || (before === undefined && Object.keys(table).length === 0)) return {}
  tree.write(CLOSURES_FILE, text)
  const committed = readClosures(before)
  const stale = [
    ...staleProjects(results, committed).map((project) => `${project.root} (${project.ecosystem})`),
    ...staleParents(parents, committed).map(({ root }) => root),
  ]
  const moved = await movedSince(tree.root, results)
  const reason = stale.length === 0 ? 'its text is not canonical' : `it is stale for ${stale.join(', ')}`
  return {
    outOfSyncMessage: `${CLOSURES_FILE} is not what the manifests and locks say: ${reason}.`,
    outOfSyncDetails: moved === '' ? [] : moved.split('\n'),
  }
}

/** What moved since closures.json was last committed; nothing where git cannot tell. */
async function movedSince(root: string, results: readonly ReaderResult[]): Promise<string> {
  const commit = await gitText(root, ['log', '-1', '--format=%H', '--', CLOSURES_FILE])
  if (commit === undefined || commit.trim() === '') return ''
  try {
    const before = await slicesAtCommit(root, commit.trim())
    return renderLockDiff(diffLocks(before.results, results))
  } catch (error) {
    // The manifests of that commit may be unreadable today; the table itself does not need them.
    if (error instanceof InterlockError) return ''
    throw error
  }
}
