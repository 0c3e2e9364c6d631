import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PinFinding } from '../../core/pins/finding.ts'
import { referenceOf } from '../../core/pins/reference.ts'
import { type Use, usesIn, type UsesScan } from '../../core/pins/uses.ts'

const FOLDER = '.github'

/**
 * Every `uses` of the YAML files below `.github`, and of the actions and workflows of this repository that they name, wherever
 * those lie. What cannot be read is a finding.
 */
export function workspaceUses(root: string): UsesScan {
  const uses: Use[] = []
  const findings: PinFinding[] = []
  const seen = new Set<string>()
  const waiting = yamlBelow(root, FOLDER)
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const scan = scanFile(root, file)
    uses.push(...scan.uses)
    findings.push(...scan.findings)
    for (const { line, text } of scan.uses) {
      const reference = referenceOf(text)
      if (reference.kind !== 'local') continue
      const target = localFile(root, reference.path)
      if (target !== undefined) waiting.push(target)
      else findings.push({ file, line, message: `${text} is not in this repository, so what it uses is not known` })
    }
  }
  return { uses: uses.sort(byPlace), findings: findings.sort(byPlace) }
}

function scanFile(root: string, file: string): UsesScan {
  try {
    if (!lstatSync(join(root, file)).isFile()) {
      return { uses: [], findings: [{ file, message: 'is no regular file, so what it uses is not known' }] }
    }
    return usesIn(file, readFileSync(join(root, file), 'utf8'))
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason'
    return { uses: [], findings: [{ file, message: `cannot be read (${reason}), so what it uses is not known` }] }
  }
}

/** Symbolic links are listed too, the folder itself among them: what is not followed is said. */
function yamlBelow(root: string, folder: string): string[] {
  if (!isFolder(root, folder)) return exists(root, folder) ? [folder] : []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return yamlBelow(root, path)
    return /\.ya?ml$/u.test(entry.name) || entry.isSymbolicLink() ? [path] : []
  })
}

/** The file of an action or a workflow that is named by its path below the root; `undefined` where there is none. */
export function localFile(root: string, path: string): string | undefined {
  if (/\.ya?ml$/u.test(path)) return exists(root, path) ? path : undefined
  return ['yml', 'yaml']
    .map((extension) => (path === '.' ? '' : `${path}/`) + `action.${extension}`)
    .find((file) => exists(root, file))
}

function exists(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined
}

function isFolder(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true
}

interface Place {
  readonly file: string
  readonly line?: number
}

function byPlace(left: Place, right: Place): number {
  return left.file < right.file ? -1 : left.file > right.file ? 1 : (left.line ?? 0) - (right.line ?? 0)
}
