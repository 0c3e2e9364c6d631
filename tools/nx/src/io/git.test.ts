import { createHash } from 'node:crypto'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createNxWorkspace, type NxWorkspace } from '../testing/nx-workspace.ts'
import { baseRequest, decideBase } from '../core/base.ts'
import { collectBaseFacts } from './git-base.ts'
import { workspaceFilesAtCommit } from './git-files.ts'
import { listFiles } from './listed-files.ts'
import { gitOk, ignoredTrackedFiles, isShallow, resolveCommit, submodules, trackedFiles } from './git.ts'

let workspace: NxWorkspace
let first: string
let second: string

beforeAll(() => {
  workspace = createNxWorkspace({
    'nx.json': '{"defaultBase": "main"}',
    'a/Cargo.toml': '\uFEFF[package]\r\nname = "a"\r\n',
    'ü b/pyproject.toml': '[project]\n',
    'bad.toml': 'placeholder',
  })
  workspace.write('lätin.txt', 'x')
  symlinkSync('a/Cargo.toml', join(workspace.root, 'link.toml'))
  first = workspace.commit('first')
  workspace.git('checkout', '-q', '-b', 'feature')
  workspace.write('a/Cargo.toml', '[package]\nname = "renamed"\n')
  second = workspace.commit('second')
})

afterAll(() => workspace.dispose())

/** What `interlock base` would answer, before the slices at the base are looked at. */
async function decide(options: { readonly base?: string; readonly head?: string } = {}, root: string = workspace.root) {
  const request = baseRequest(options, {})
  return decideBase(request, await collectBaseFacts(root, request))
}

describe('files of a commit', () => {
  test('are read from git, whatever lies on disk, without a checkout', async () => {
    const files = await workspaceFilesAtCommit(workspace.root, first)
    expect(files.read('a/Cargo.toml')).toBe('[package]\r\nname = "a"\r\n')
    expect(files.digest('lätin.txt')).toBe(createHash('sha256').update('x').digest('hex'))
    expect(files.paths).toContain('ü b/pyproject.toml')
    expect(workspace.git('status', '--porcelain')).toBe('')
    expect((await workspaceFilesAtCommit(workspace.root, second)).read('a/Cargo.toml')).toContain('renamed')
  })

  test('leave out symbolic links, and what is not selected', async () => {
    expect((await workspaceFilesAtCommit(workspace.root, first)).paths).not.toContain('link.toml')
    const files = await workspaceFilesAtCommit(workspace.root, first, (paths) => paths.filter((path) => path.endsWith('.json')))
    expect(files.paths).toEqual(['nx.json', 'tsconfig.base.json'])
    expect(() => files.read('a/Cargo.toml')).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE', file: 'a/Cargo.toml' }))
  })

  test('below a folder of the repository have paths of that folder', async () => {
    expect((await workspaceFilesAtCommit(join(workspace.root, 'a'), first)).paths).toEqual(['Cargo.toml'])
  })

  test('of a commit that is not there are an error', async () => {
    await expect(workspaceFilesAtCommit(workspace.root, '0'.repeat(40))).rejects.toMatchObject({ code: 'GIT_FAILED' })
  })
})

test('tracked files that git is told to ignore are found', async () => {
  workspace.write('dist/f.json', '{}')
  workspace.git('add', '--force', 'dist/f.json')
  expect(await ignoredTrackedFiles(workspace.root)).toEqual(['dist/f.json'])
  workspace.git('rm', '-q', '-f', 'dist/f.json')
})

describe('names of commits', () => {
  test('a branch wins over a tag of the same name', async () => {
    workspace.git('tag', 'feature', first)
    expect(await resolveCommit(workspace.root, 'feature')).toBe(second)
    expect(await resolveCommit(workspace.root, first)).toBe(first)
    expect(await resolveCommit(workspace.root, 'HEAD~1')).toBe(first)
    workspace.git('tag', '-d', 'feature')
  })

  test('promise-1: HEAD is this clone’s own, although origin has one too', async () => {
    workspace.git('update-ref', 'refs/remotes/origin/main', first)
    workspace.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main')
    for (const ref of ['HEAD', '@', 'HEAD~0', 'HEAD^0', 'HEAD^{commit}', '@{0}']) {
      expect([ref, await resolveCommit(workspace.root, ref)]).toEqual([ref, second])
    }
    expect(await resolveCommit(workspace.root, 'HEAD~1')).toBe(first)
    expect(await decide()).toMatchObject({ kind: 'commit', commit: first })
    workspace.git('symbolic-ref', '--delete', 'refs/remotes/origin/HEAD')
    workspace.git('update-ref', '-d', 'refs/remotes/origin/main')
  })

  test.each(['nowhere', '--all', '0'.repeat(40), ''])('%j is no commit', async (ref) => {
    expect(await resolveCommit(workspace.root, ref)).toBeUndefined()
  })
})

describe('the base of real histories', () => {
  test('a feature branch is compared with its merge base with main', async () => {
    expect(await decide()).toMatchObject({ kind: 'commit', commit: first, reason: 'merge base with main' })
  })

  test('the tip of the default branch is everything while clean, and HEAD while files are not committed', async () => {
    workspace.git('checkout', '-q', 'main')
    expect(await decide()).toMatchObject({ kind: 'everything', cause: 'nothing-since' })
    workspace.write('untracked.txt', 'x')
    expect(await decide()).toMatchObject({ kind: 'commit', commit: first })
    workspace.remove('untracked.txt')
    workspace.git('checkout', '-q', 'feature')
  })

  test('unpushed commits of the default branch are compared with the published branch', async () => {
    workspace.git('update-ref', 'refs/remotes/origin/main', first)
    workspace.git('checkout', '-q', '-B', 'main', second)
    expect(await decide()).toMatchObject({ kind: 'commit', commit: first, reason: 'merge base with origin/main' })
    workspace.git('checkout', '-q', 'feature')
    workspace.git('branch', '-q', '-f', 'main', first)
    workspace.git('update-ref', '-d', 'refs/remotes/origin/main')
  })

  test('promise-2: an orphan branch has no common ancestor and means everything', async () => {
    workspace.git('checkout', '-q', '--orphan', 'orphan')
    workspace.commit('orphan')
    expect(await decide()).toMatchObject({ kind: 'everything', cause: 'unrelated' })
    expect(await decide({ base: 'main' })).toMatchObject({ kind: 'everything', cause: 'unrelated' })
    workspace.git('checkout', '-q', 'feature')
  })

  test('promise-2: a configured default branch that is not there means everything, not another branch', async () => {
    workspace.write('nx.json', '{\n  // with a comment, as Nx allows\n  "defaultBase": "trunk",\n}')
    expect(await decide()).toMatchObject({ kind: 'everything', cause: 'no-default-branch' })
    workspace.git('checkout', '-q', '--', 'nx.json')
  })

  test('promise-2: a shallow clone that does not reach the ancestor means everything, and an unknown base says fetch-depth', async () => {
    const clone = createNxWorkspace({})
    workspace.git('checkout', '-q', 'feature')
    clone.git('remote', 'add', 'origin', `file://${workspace.root}`)
    clone.git('fetch', '-q', '--depth=1', 'origin', 'feature:feature', 'main:refs/remotes/origin/main')
    clone.git('checkout', '-q', '-f', 'feature')
    expect(await isShallow(clone.root)).toBe(true)
    expect(await decide({}, clone.root)).toMatchObject({ kind: 'everything', cause: 'shallow' })
    // Two commits that are there can be compared, file by file.
    expect(await decide({ base: 'origin/main' }, clone.root)).toMatchObject({ kind: 'commit', commit: first })
    await expect(decide({ base: 'HEAD~1' }, clone.root)).rejects.toMatchObject({
      code: 'BASE_UNREACHABLE',
      hint: expect.stringContaining('fetch-depth: 0'),
    })
    clone.dispose()
  })

  test('a repository without a commit and a folder without a repository mean everything', async () => {
    const empty = createNxWorkspace({})
    expect(await decide({}, empty.root)).toMatchObject({ kind: 'everything', cause: 'no-commit' })
    empty.remove('.git')
    expect(await decide({}, empty.root)).toMatchObject({ kind: 'everything', cause: 'no-repository' })
    empty.dispose()
  })
})

describe('the rest of git', () => {
  test('submodules are found, their files are listed on disk and at a commit while checked out, and else left out', async () => {
    const other = createNxWorkspace({})
    other.commit('x')
    workspace.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.root, 'vendor/other')
    expect(await submodules(workspace.root)).toEqual(['vendor/other'])
    expect(await trackedFiles(workspace.root)).toContain('lätin.txt')
    const withModule = workspace.commit('submodule')
    other.dispose()
    const path = 'vendor/other/nx.json'
    expect(listFiles(workspace.root)).toContain(path)
    const files = await workspaceFilesAtCommit(workspace.root, withModule)
    expect(files.read(path)).toBe(workspace.read(path))
    // A folder that is not checked out must not be taken for the repository around it.
    workspace.git('submodule', '--quiet', 'deinit', '--force', '--all')
    expect(listFiles(workspace.root).filter((file) => file.startsWith('vendor'))).toEqual(['vendor/other'])
    expect((await workspaceFilesAtCommit(workspace.root, withModule)).paths).not.toContain(path)
  })

  test('a command that fails says what git said', async () => {
    await expect(gitOk(workspace.root, ['show', 'nowhere'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining('nowhere'),
    })
  })

  test('a missing git is named, with exit status 6', async () => {
    vi.stubEnv('PATH', '/nonexistent')
    await expect(trackedFiles(workspace.root)).rejects.toMatchObject({ code: 'TOOL_MISSING', exitStatus: 6 })
    vi.unstubAllEnvs()
  })
})
