import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { closureKey } from '@interlock/kit'
import { CLOSURES_FILE, type ClosureTable, readClosures, renderClosures } from '../core/closures.ts'
import { parentKey } from '../core/parent-entries.ts'
import { closuresOnDisk } from './init-facts.ts'

/**
 * Adds the lines of a new project and of its directory to closures.json and leaves the other lines as they are: whether those are stale is for
 * `nx sync` to say. Does nothing in a workspace without the file, or where it is damaged.
 */
export function addClosure(workspaceRoot: string, projectRoot: string): void {
  const file = join(workspaceRoot, CLOSURES_FILE)
  if (!existsSync(file)) return
  const committed = readClosures(readFileSync(file, 'utf8'))
  if (committed.state !== 'read') return
  const now = closuresOnDisk(workspaceRoot)
  const keys = [closureKey(projectRoot), parentKey(posix.dirname(projectRoot))].filter((key) => Object.hasOwn(now, key))
  const added = Object.fromEntries(keys.map((key) => [key, now[key] ?? '']))
  if (keys.length > 0) writeFileSync(file, renderClosures({ ...(committed.table as ClosureTable), ...added }))
}
