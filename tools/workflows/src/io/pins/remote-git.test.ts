import { pathToFileURL } from 'node:url'
import { createTestWorkspace } from '@interlock/kit/testing'
import { expect, it } from 'vitest'
import { remoteGit } from './remote-git.ts'

it('promise-1: takes the one way that it is given, and no other', async () => {
  await using workspace = await createTestWorkspace({ files: { 'a.txt': '' } })
  const listing = ['ls-remote', '--', pathToFileURL(workspace.root).href]
  const given = { cwd: workspace.root, timeoutMs: 30_000 }
  expect((await remoteGit(listing, { ...given, protocol: 'file' })).kind).toBe('answer')
  expect(await remoteGit(listing, { ...given, protocol: 'https' })).toEqual({
    kind: 'no-answer',
    reason: "transport 'file' not allowed",
  })
})
