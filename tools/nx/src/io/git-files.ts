import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { byText, InterlockError, type WorkspaceFiles } from '@interlock/kit'
import { gitOk, gitText, splitNul } from './git.ts'

/**
 * The files of a commit as the readers see them, from git's objects: nothing is checked out. Symbolic links are left out,
 * and so are submodules whose commit is not in this clone. `select` chooses among the paths of the commit below `root`.
 *
 * @throws InterlockError `GIT_FAILED` when the commit or an object of it is not there.
 */
export async function workspaceFilesAtCommit(
  root: string,
  commit: string,
  select: (paths: readonly string[]) => readonly string[] = (paths) => paths,
): Promise<WorkspaceFiles> {
  const files = new Map((await filesOfTree(root, commit)).map((file) => [file.path, file]))
  const paths = [...select([...files.keys()])].sort(byText)
  const contents = new Map<string, Buffer>()
  for (const repository of new Set([...files.values()].map((file) => file.repository))) {
    const own = paths.flatMap((path) => files.get(path) ?? []).filter((file) => file.repository === repository)
    for (const [object, bytes] of await readObjects(
      repository,
      own.map((file) => file.object),
    ))
      contents.set(object, bytes)
  }
  const bytesOf = (path: string): Buffer => {
    const bytes = contents.get(files.get(path)?.object ?? '')
    if (bytes !== undefined) return bytes
    throw new InterlockError('FILE_UNREADABLE', `is not among the files of commit ${commit}`, { file: path })
  }
  return {
    paths,
    read: (path) => decodeText(path, bytesOf(path)),
    digest: (path) => createHash('sha256').update(bytesOf(path)).digest('hex'),
  }
}

interface TreeFile {
  readonly path: string
  readonly object: string
  /** The folder of the repository that holds the object. */
  readonly repository: string
}

/** Every regular file of a commit below `root`. */
async function filesOfTree(root: string, commit: string): Promise<TreeFile[]> {
  const files: TreeFile[] = []
  for (const entry of splitNul(await gitOk(root, ['ls-tree', '-r', '-z', commit]))) {
    const [mode = '', kind = '', object = ''] = entry.slice(0, entry.indexOf('\t')).split(' ')
    const path = entry.slice(entry.indexOf('\t') + 1)
    if (kind === 'blob' && mode !== '120000') files.push({ path, object, repository: root })
    if (kind === 'commit') files.push(...(await filesOfSubmodule(root, path, object)))
  }
  return files
}

async function filesOfSubmodule(root: string, path: string, commit: string): Promise<TreeFile[]> {
  const repository = join(root, path)
  // Without a .git of its own the folder is not checked out, and git would answer for the repository around it.
  if (!existsSync(join(repository, '.git'))) return []
  if ((await gitText(repository, ['cat-file', '-e', `${commit}^{commit}`])) === undefined) return []
  return (await filesOfTree(repository, commit)).map((file) => ({ ...file, path: `${path}/${file.path}` }))
}

/** Reads many objects with one process: `<id> blob <size>\n<bytes>\n` for each. */
async function readObjects(root: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>()
  if (ids.length === 0) return contents
  const output = await gitOk(root, ['cat-file', '--batch'], `${[...new Set(ids)].join('\n')}\n`)
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf(0x0a, at)
    const [id = '', kind, size] = output.subarray(at, lineEnd).toString('utf8').split(' ')
    if (kind !== 'blob') throw new InterlockError('GIT_FAILED', `object ${id} is ${kind ?? 'missing'}, not a file`)
    const end = lineEnd + 1 + Number(size)
    contents.set(id, output.subarray(lineEnd + 1, end))
    at = end + 1
  }
  return contents
}

function decodeText(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new InterlockError('FILE_UNREADABLE', 'is not UTF-8 text', { file: path, cause })
  }
}
