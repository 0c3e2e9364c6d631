import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InterlockError, type WorkspaceFiles } from '@interlock/kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { atRest } from './at-rest.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-rest-'))
  for (const path of ['a.toml', 'b.toml']) write(path, path)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text)
}

const texts = async (files: WorkspaceFiles): Promise<string[]> => files.paths.map((path) => files.read(path))

describe('a workspace in which', () => {
  it('nothing moves is read once', async () => {
    let builds = 0
    const built = await atRest(root, ['a.toml', 'b.toml'], async (files) => {
      builds += 1
      return texts(files)
    })
    expect([built, builds]).toEqual([['a.toml', 'b.toml'], 1])
  })

  it('a listed file has gone is read without it', async () => {
    expect(await atRest(root, ['a.toml', 'b.toml', 'gone.toml'], texts)).toEqual(['a.toml', 'b.toml'])
  })

  it('promise-2: a file is away only while it is written anew is read with it', async () => {
    rmSync(join(root, 'b.toml'))
    setTimeout(() => write('b.toml', 'anew'), 20)
    expect(await atRest(root, ['a.toml', 'b.toml'], texts)).toEqual(['a.toml', 'anew'])
  })

  it('a file changes between its digest and its reading is read anew', async () => {
    let edits = 0
    const built = await atRest(root, ['a.toml'], async (files) => {
      files.digest('a.toml')
      if (edits === 0) write('a.toml', `edit ${(edits += 1)}`)
      return texts(files)
    })
    expect(built).toEqual(['edit 1'])
  })

  it('something changes all the time is an error that a retry may cure', async () => {
    let edits = 0
    const restless = atRest(root, ['a.toml'], async (files) => {
      files.digest('a.toml')
      write('a.toml', `edit ${(edits += 1)}`)
      return texts(files)
    })
    await expect(restless).rejects.toMatchObject({ code: 'FILE_CHANGED', file: 'a.toml', retryable: true })
    expect(edits).toBe(5)
  })

  it('another fault is found is not read again', async () => {
    let builds = 0
    const broken = atRest(root, ['a.toml'], async () => {
      builds += 1
      throw new InterlockError('CARGO_MANIFEST_UNREADABLE', 'broken')
    })
    await expect(broken).rejects.toMatchObject({ code: 'CARGO_MANIFEST_UNREADABLE' })
    expect(builds).toBe(1)
  })
})
