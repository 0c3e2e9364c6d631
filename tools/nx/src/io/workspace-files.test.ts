import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgetDigests, isRegularFile, listConfigFiles, workspaceFilesOnDisk } from './workspace-files.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-files-'))
  forgetDigests()
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('a file of the workspace', () => {
  it('is read as text without its byte order mark', () => {
    write('Cargo.toml', '\u{feff}[package]\r\n')
    expect(workspaceFilesOnDisk(root, ['Cargo.toml']).read('Cargo.toml')).toBe('[package]\r\n')
  })

  it('has another digest after an edit, however soon that edit comes and whatever its time stamp says', () => {
    const path = join(root, 'Cargo.toml')
    const digests = new Set<string>()
    for (let edit = 0; edit < 50; edit += 1) {
      write('Cargo.toml', `edit-${String(edit).padStart(3, '0')}`)
      utimesSync(path, 1_000, 1_000)
      digests.add(workspaceFilesOnDisk(root, ['Cargo.toml']).digest('Cargo.toml'))
    }
    expect(digests.size).toBe(50)
  })

  it('that is not UTF-8 is an error with its place', () => {
    write('Cargo.toml', Buffer.from([...Buffer.from('é\u{fffd}\nab'), 0xff, 0x61]))
    expect(() => workspaceFilesOnDisk(root, ['Cargo.toml']).read('Cargo.toml')).toThrowErrorMatchingInlineSnapshot(`
      [InterlockError: FILE_UNREADABLE: Cargo.toml:2:3: is not UTF-8 text

      hint: save the file as UTF-8]
    `)
  })

  it('that has gone since it was listed is an error that a retry may cure', () => {
    const files = workspaceFilesOnDisk(root, ['Cargo.toml'])
    expect(() => files.digest('Cargo.toml')).toThrowErrorMatchingInlineSnapshot(`
      [InterlockError: FILE_CHANGED: Cargo.toml: changed or was deleted while the graph was built

      hint: run the command again]
    `)
    expect(() => files.read('Cargo.toml')).toThrow(expect.objectContaining({ retryable: true }))
  })

  it('that changes between its digest and its reading is an error that a retry may cure', () => {
    write('Cargo.toml', 'one')
    const files = workspaceFilesOnDisk(root, ['Cargo.toml'])
    files.digest('Cargo.toml')
    write('Cargo.toml', 'two')
    expect(() => files.read('Cargo.toml')).toThrow(expect.objectContaining({ code: 'FILE_CHANGED' }))
  })

  it('that is a directory or a loop of links cannot be read', () => {
    mkdirSync(join(root, 'Cargo.toml'))
    symlinkSync('pyproject.toml', join(root, 'pyproject.toml'))
    const files = workspaceFilesOnDisk(root, ['Cargo.toml', 'pyproject.toml'])
    for (const path of files.paths) {
      const unreadable = expect.objectContaining({ code: 'FILE_UNREADABLE', file: path, hint: expect.any(String) })
      expect(() => files.digest(path)).toThrow(unreadable)
      expect(() => files.read(path)).toThrow(unreadable)
    }
  })

  it('is regular only when it is no link', () => {
    write('a', '')
    symlinkSync('a', join(root, 'b'))
    expect([isRegularFile(root, 'a'), isRegularFile(root, 'b'), isRegularFile(root, 'c')]).toEqual([true, false, false])
  })
})

describe('the list of configuration files', () => {
  it('holds what git knows and does not ignore, as nx.json and .nxignore let the plugin see it', () => {
    execFileSync('git', ['init', '-q'], { cwd: root })
    for (const path of [
      'Cargo.toml',
      'libs/ä b/Cargo.toml',
      'out/Cargo.toml',
      'fixtures/x/Cargo.toml',
      'src/other.rs',
      'template/pyproject.toml',
      'gone/Cargo.toml',
    ])
      write(path, '')
    write('.gitignore', 'out/\n')
    write('.nxignore', '/template\n')
    write('nx.json', JSON.stringify({ plugins: [{ plugin: '@interlock/nx/plugin', exclude: ['**/fixtures/**'] }] }))
    execFileSync('git', ['add', '-A'], { cwd: root })
    rmSync(join(root, 'gone'), { recursive: true })
    write('new/pyproject.toml', '')
    expect(listConfigFiles(root)).toEqual(['Cargo.toml', 'libs/ä b/Cargo.toml', 'new/pyproject.toml'])
  })

  it('cannot be had outside a git working tree', () => {
    expect(() => listConfigFiles(root)).toThrow(expect.objectContaining({ code: 'GIT_FAILED' }))
  })
})
