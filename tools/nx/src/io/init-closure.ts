import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { closureKey } from '@interlock/kit'
import { CLOSURES_FILE, type ClosureTable, closuresOf, readClosures, renderClosures } from '../core/closures.ts'
import { readResults } from './init-facts.ts'

/**
 * Adds the line of a new project to closures.json and leaves the other lines as they are: whether those are stale is for
 * `nx sync` to say. Does nothing in a workspace without the file, or where it is damaged.
 */
export function addClosure(workspaceRoot: string, projectRoot: string): void {
  const file = join(workspaceRoot, CLOSURES_FILE)
  if (!existsSync(file)) return
  const committed = readClosures(readFileSync(file, 'utf8'))
  const key = closureKey(projectRoot)
  const entry = closuresOf(readResults(workspaceRoot))[key]
  if (committed.state !== 'read' || entry === undefined) return
  writeFileSync(file, renderClosures({ ...(committed.table as ClosureTable), [key]: entry }))
}
