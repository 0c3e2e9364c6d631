import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { data } from '@actions/expressions'
import { byText, globMatcher } from '@interlock/kit'
import type { ExpressionFunction } from '../../core/simulate/expression.ts'

/** Folders that hold no source, and that would make every key another one on every machine. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/** `hashFiles(…)` over the files of a workspace; the empty text where nothing matches. */
export function hashFilesFunction(workspace: string): ExpressionFunction {
  return {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) =>
      new data.StringData(
        hashFiles(
          workspace,
          patterns.map((pattern) => pattern.coerceString()),
        ),
      ),
  }
}

function hashFiles(workspace: string, patterns: readonly string[]): string {
  const wanted = matcher(patterns.filter((pattern) => !pattern.startsWith('!')))
  const refused = matcher(patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)))
  const files = filesBelow(workspace, '').filter((path) => wanted(path) && !refused(path))
  if (files.length === 0) return ''
  const all = createHash('sha256')
  for (const path of files.sort(byText))
    all.update(
      createHash('sha256')
        .update(readFileSync(join(workspace, path)))
        .digest(),
    )
  return all.digest('hex')
}

function matcher(patterns: readonly string[]): (path: string) => boolean {
  return patterns.length === 0 ? () => false : globMatcher(patterns)
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesBelow(root, path)
    return entry.isFile() ? [path] : []
  })
}
