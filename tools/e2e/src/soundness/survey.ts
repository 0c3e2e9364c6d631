import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseToml, type TomlTable } from '@interlock/kit'
import type { Sandbox } from './sandbox.ts'

export type Language = 'rust' | 'python'

/** A crate or a Python package as it stands in the working tree. */
export interface Member {
  readonly language: Language
  readonly name: string
  readonly directory: string
  readonly manifest: string
  readonly table: TomlTable
  /** Directory of the lock file that it is resolved in; `undefined` without one. */
  readonly root: string | undefined
}

/** What edits can take hold of. Everything is sorted, so that a seed draws the same things everywhere. */
export interface Survey {
  readonly members: readonly Member[]
  readonly files: readonly string[]
}

export async function surveyOf(sandbox: Sandbox): Promise<Survey> {
  const listed = await sandbox.output('git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate')
  const files = listed.split('\0').filter((path) => path !== '' && existsSync(join(sandbox.root, path)))
  files.sort()
  const members = files.flatMap((file): Member[] => {
    const language = LANGUAGES[posix.basename(file)]
    if (language === undefined) return []
    const table = parseToml(readFileSync(join(sandbox.root, file), 'utf8'), { file, code: 'EDIT_CONFLICT' })
    const head = table[language === 'rust' ? 'package' : 'project'] as TomlTable | undefined
    const directory = posix.dirname(file)
    if (typeof head?.['name'] !== 'string' || directory === '.') return []
    const root = nearest(directory, (path) => files.includes(posix.join(path, LOCKS[language])))
    return [{ language, name: head['name'], directory, manifest: file, table, root }]
  })
  return { members, files }
}

/** Members of one language that are resolved in the lock file at the root. */
export function rooted(survey: Survey, language: Language): Member[] {
  return survey.members.filter((member) => member.language === language && member.root === '.')
}

/** The project directory that holds a file, the deepest one. */
export function ownerOf(file: string, survey: Survey): Member | undefined {
  return survey.members
    .filter(({ directory }) => file.startsWith(`${directory}/`))
    .sort((left, right) => right.directory.length - left.directory.length)[0]
}

const LANGUAGES: Readonly<Record<string, Language>> = { 'Cargo.toml': 'rust', 'pyproject.toml': 'python' }
const LOCKS = { rust: 'Cargo.lock', python: 'uv.lock' } as const

function nearest(directory: string, test: (path: string) => boolean): string | undefined {
  for (let path = directory; ; path = posix.dirname(path)) {
    if (test(path)) return path
    if (path === '.') return undefined
  }
}
