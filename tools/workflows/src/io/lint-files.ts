import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { InterlockError } from '@interlock/kit'
import type { DocumentKind } from '../core/lint/document.ts'
import type { LintSource } from '../core/lint/examine.ts'
import { referenceOf } from '../core/pins/reference.ts'
import { usesIn } from '../core/pins/uses.ts'
import { localFile } from './pins/workspace-uses.ts'

const WORKFLOWS = '.github/workflows'
const ACTIONS = '.github/actions'
/** No workflow of anybody is near it, and a larger one would only cost time. */
const MOST_BYTES = 1 << 19

/** A file that was found, or named. */
export type FoundFile = LintSource | { readonly file: string; readonly unreadable: string }

/**
 * The workflows, actions and the Dependabot file of a repository, and the actions that these name, wherever they lie.
 *
 * @throws InterlockError `CONFIG_INVALID` when there is no workflow: a check of nothing is no check.
 */
export function repositoryFiles(root: string): readonly FoundFile[] {
  const workflows = entriesOf(root, WORKFLOWS).map(({ name }) => `${WORKFLOWS}/${name}`)
  const found = workflows.filter((file) => YAML.test(file))
  if (found.length === 0) {
    throw new InterlockError('CONFIG_INVALID', 'no workflow found', {
      file: WORKFLOWS,
      hint: 'name the files to look at, or add a workflow',
    })
  }
  const dependabot = entriesOf(root, '.github').flatMap(({ name }) =>
    /^dependabot\.ya?ml$/u.test(name) ? `.github/${name}` : [],
  )
  return withLocalActions(root, [...found, ...actionsBelow(root, ACTIONS), ...dependabot])
}

/** One that is named and is not there is for "ci pins --check": a step may make it. */
function withLocalActions(root: string, files: readonly string[]): readonly FoundFile[] {
  const waiting = [...files]
  const read = new Map<string, FoundFile>()
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (read.has(file)) continue
    const source = readFound(root, file)
    read.set(file, source)
    if (!('unreadable' in source)) waiting.push(...localActionsIn(root, source))
  }
  return [...read.values()]
}

function localActionsIn(root: string, { file, text }: LintSource): readonly string[] {
  return usesIn(file, text).uses.flatMap((use) => {
    const reference = referenceOf(use.text)
    return reference.kind === 'local' ? (localFile(root, reference.path) ?? []) : []
  })
}

/** Files that somebody named, relative to the root of the workspace. */
export function namedFiles(root: string, files: readonly string[]): readonly FoundFile[] {
  return files.map((file) => readFound(root, file.replaceAll('\\', '/')))
}

const YAML = /\.ya?ml$/u
const ACTION = /^action\.ya?ml$/u

function readFound(root: string, file: string): FoundFile {
  const path = resolve(root, file)
  try {
    const found = statSync(path)
    // Who opens a pipe waits until somebody writes to it.
    if (!found.isFile() && !found.isDirectory()) return { file, unreadable: 'Is no regular file' }
    const { size } = found
    if (size > MOST_BYTES) return { file, unreadable: `Has ${size} bytes, and no more than ${MOST_BYTES} are read` }
    return { file, kind: kindOf(file), text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) }
  } catch (thrown) {
    return { file, unreadable: reasonOf(thrown) }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'May not be read by this user',
  EISDIR: 'Is a folder',
  ELOOP: 'Is a symbolic link that leads back to itself',
  ENOENT: 'Does not exist, or is a symbolic link to nothing',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'Is not UTF-8',
}

function reasonOf(thrown: unknown): string {
  const { code } = thrown as NodeJS.ErrnoException
  const reason = REASONS[code ?? '']
  if (code === undefined) throw thrown
  return reason ?? `Cannot be read (${code})`
}

function kindOf(file: string): DocumentKind {
  const name = file.split('/').at(-1) ?? ''
  if (/(?:^|\/)\.github\/workflows\/[^/]+$/u.test(file)) return 'workflow'
  if (ACTION.test(name)) return 'action'
  return /^dependabot\.ya?ml$/u.test(name) ? 'dependabot' : 'workflow'
}

function actionsBelow(root: string, folder: string): string[] {
  return entriesOf(root, folder).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory() && !ACTION.test(entry.name)) return actionsBelow(root, path)
    return ACTION.test(entry.name) ? [path] : []
  })
}

/** Sorted; nothing where there is no such folder. A link to a folder is not followed, so no loop is endless. */
function entriesOf(root: string, folder: string): readonly Dirent[] {
  try {
    return readdirSync(resolve(root, folder), { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1))
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new InterlockError('CONFIG_INVALID', `cannot be listed (${code ?? 'unknown reason'})`, { file: folder, cause: thrown })
  }
}
