import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReleases } from './catalogue.ts'
import { findReferee } from './find.ts'

const { version } = readReleases().act

let workspace: TestWorkspace
beforeEach(async () => {
  workspace = await createTestWorkspace({ git: false })
})
afterEach(async () => workspace.dispose())

/** A program that says a version, as act does. */
async function program(path: string, says: string): Promise<string> {
  await workspace.write(path, `#!/bin/sh\n${says}\n`)
  await chmod(join(workspace.root, path), 0o755)
  return join(workspace.root, path)
}

describe('a referee', () => {
  it('is taken from where set-up puts it, before PATH', async () => {
    const env = { PATH: join(workspace.root, 'path') }
    expect(await findReferee(workspace.root, 'act', env)).toEqual({ kind: 'not found', reason: 'it is not installed' })
    const onPath = await program('path/act', `echo act version ${version}`)
    expect(await findReferee(workspace.root, 'act', env)).toEqual({ kind: 'found', program: onPath })
    const own = await program('.tools/referees/bin/act', `echo act version ${version}`)
    expect(await findReferee(workspace.root, 'act', env)).toEqual({ kind: 'found', program: own })
  })

  it.each([
    ['echo act version 0.2.9', /act is version 0\.2\.9$/u],
    [`echo act version ${version}-rc1`, /act is version 0\.\S+-rc1$/u],
    ['echo hello', /act is version nobody knows which$/u],
    ['echo "no such library" >&2; exit 127', /act cannot be run \(no such library\)$/u],
  ])('promise-1: of another version is not used: %s', async (says, reason) => {
    await program('.tools/referees/bin/act', says)
    expect(await findReferee(workspace.root, 'act', {})).toEqual({
      kind: 'not found',
      reason: expect.stringMatching(reason) as string,
    })
  })

  it('is asked without what would change its answer', async () => {
    await program('.tools/referees/bin/act', `test -z "$GITHUB_TOKEN" && echo act version ${version}`)
    process.env['GITHUB_TOKEN'] = 'secret'
    try {
      expect(await findReferee(workspace.root, 'act', {})).toMatchObject({ kind: 'found' })
    } finally {
      delete process.env['GITHUB_TOKEN']
    }
  })
})
