import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isAlive, removeIfThere } from './system.ts'
import { createTestWorkspace } from './testing.ts'

describe('isAlive', () => {
  it('knows this process from one that has ended', () => {
    expect(isAlive(process.pid)).toBe(true)
    expect(isAlive(spawnSync(process.execPath, ['--version']).pid)).toBe(false)
  })

  it.each([
    ['EPERM', true],
    ['ESRCH', false],
  ])('takes %j for %j: a process of another user is one', (code, alive) => {
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error(code), { code })
    })
    onTestFinished(() => kill.mockRestore())
    expect(isAlive(1)).toBe(alive)
  })

  it('says no of what is no id', () => {
    expect(isAlive(Number.NaN)).toBe(false)
  })
})

describe('removeIfThere', () => {
  it('removes a file, and bears that there is none or that its folder is none', async () => {
    await using workspace = await createTestWorkspace({ files: { file: 'text' }, git: false })
    removeIfThere(join(workspace.root, 'file', 'below'))
    expect(await workspace.exists('file')).toBe(true)
    removeIfThere(join(workspace.root, 'file'))
    expect(await workspace.exists('file')).toBe(false)
    removeIfThere(join(workspace.root, 'file'))
  })
})

it.each(['is-alive', 'remove-if-there'])('%s loads modules of Node alone: a process may start with it', (name) => {
  const source = readFileSync(new URL(`io/${name}.ts`, import.meta.url), 'utf8')
  const modules = [...source.matchAll(/from '([^']+)'/gu)].map((found) => found[1])
  expect(modules.filter((module) => module?.startsWith('node:') !== true)).toEqual([])
})
