import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linkNodeModules, nx } from './nx.ts'
import { createTestWorkspace } from './workspace.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')

test('a workspace holds its files, and they are written, moved and removed', async () => {
  const workspace = await createTestWorkspace({ files: { 'a/b.txt': 'text' }, git: false })
  expect([await workspace.read('a/b.txt'), await workspace.exists('.git')]).toEqual(['text', false])
  await workspace.move('a/b.txt', 'c/d.txt')
  await workspace.writeBytes('bytes', new Uint8Array([0xff]))
  await workspace.remove('a')
  expect([await workspace.exists('a'), await workspace.exists('c/d.txt'), await workspace.exists('bytes')]).toEqual([
    false,
    true,
    true,
  ])
  await workspace.dispose()
  expect(await workspace.exists('c')).toBe(false)
})

test('commits are made by nobody of this machine, and an empty one counts', async () => {
  const workspace = await createTestWorkspace({ files: { a: '1' } })
  const first = await workspace.commit('first')
  const second = await workspace.commit('second')
  expect(await workspace.git('log', '--format=%H %an <%ae> %s', '--reverse')).toBe(
    `${first} Test <test@example.invalid> first\n${second} Test <test@example.invalid> second`,
  )
  expect(await workspace.git('symbolic-ref', '--short', 'HEAD')).toBe('main')
  await workspace.dispose()
})

test('git that fails is an error', async () => {
  const workspace = await createTestWorkspace()
  await expect(workspace.git('checkout', 'no-such-branch')).rejects.toThrow(
    'PROCESS_FAILED: `git checkout no-such-branch` exited',
  )
  await workspace.dispose()
})

test('cleanups run before the directory goes', async () => {
  const workspace = await createTestWorkspace({ files: { a: '1' }, git: false })
  const seen: boolean[] = []
  workspace.onDispose(async () => seen.push(await workspace.exists('a')))
  await workspace[Symbol.asyncDispose]()
  expect(seen).toEqual([true])
})

test('the real Nx of this repository runs in a workspace', async () => {
  const workspace = await createTestWorkspace({ files: { 'libs/one/project.json': '{"name": "one"}' } })
  await linkNodeModules(workspace, REPOSITORY)
  const result = await nx(workspace, ['show', 'projects', '--json'])
  expect(result).toMatchObject({ kind: 'exited', status: 0, stdout: '["one"]\n' })
  await workspace.dispose()
})
