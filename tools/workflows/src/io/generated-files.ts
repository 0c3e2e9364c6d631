import { type Dirent, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'

const FOLDERS = ['.github/workflows', '.github/actions'] as const
const FILES = ['.github/CODEOWNERS', '.github/actionlint.yaml', '.github/dependabot.yml'] as const

/**
 * Texts of the files of a repository that may be generated, by path below it.
 *
 * @throws InterlockError `CONFIG_INVALID` where something else lies at the place of a folder.
 */
export function presentFiles(root: string): Readonly<Record<string, string>> {
  const inFolders = FOLDERS.flatMap((folder) => filesBelow(root, folder)).filter((path) => /\.ya?ml$/u.test(path))
  const paths = [...inFolders, ...FILES.filter((path) => existsSync(join(root, path)))]
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]))
}

/** Paths in those folders that are no regular files, such as symbolic links: `presentFiles` does not follow them. */
export function unreadFiles(root: string): readonly string[] {
  return FOLDERS.flatMap((folder) => filesBelow(root, folder, (entry) => !entry.isFile()))
}

function filesBelow(root: string, folder: string, wanted: (entry: Dirent) => boolean = (entry) => entry.isFile()): string[] {
  if (!existsSync(join(root, folder))) return []
  if (!statSync(join(root, folder)).isDirectory()) throw new InterlockError('CONFIG_INVALID', 'is no folder', { file: folder })
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(root, path, wanted)
    return wanted(entry) ? [path] : []
  })
}

export function removeGenerated(root: string, path: string): void {
  rmSync(join(root, path))
}
