import { describe, expect, it } from 'vitest'
import { checkAll, setUpAll } from './setup.mjs'
import { createContext } from './context.mjs'
import type { Finding, Step } from './types.d.ts'

const context = createContext('/nowhere', () => {})

function step(name: string, finding: Finding): Step {
  return { inspect: async () => finding, name }
}

function needed(log: string[], name: string): Step {
  const apply = async (): Promise<string> => {
    log.push(name)
    return 'made'
  }
  return step(name, { apply, command: `make ${name}`, detail: 'absent', notes: [`${name}: not run`], state: 'needed' })
}

describe('set-up', () => {
  it('applies only what is needed, in order, and hands on what will not run', async () => {
    const log: string[] = []
    const lines: string[] = []
    const notes = await setUpAll(
      [step('a', { detail: '1', state: 'ready' }), needed(log, 'b'), needed(log, 'c')],
      context,
      (line) => lines.push(line),
    )
    expect(log).toEqual(['b', 'c'])
    expect(notes).toEqual(['b: not run', 'c: not run'])
    expect(lines.join('\n')).toMatch(/✔ a: 1 \(\d+\.\d s\)\n• b: absent\n {2}\$ make b\n✔ b: made/)
  })

  it('hands on what an installation could not do', async () => {
    const lines: string[] = []
    const apply = async () => ({ detail: 'one of two', notes: ['two: not run'] })
    const partly = step('a', { apply, command: 'make', detail: 'absent', notes: ['three: not run'], state: 'needed' })
    expect(await setUpAll([partly], context, (line) => lines.push(line))).toEqual(['three: not run', 'two: not run'])
    expect(lines.slice(-2)).toEqual(['! three: not run', '! two: not run'])
    expect(lines.at(-3)).toMatch(/^✔ a: one of two \(/)
  })

  it('stops with a hint at what only a person can do', async () => {
    const log: string[] = []
    const missing = step('git', { detail: 'git was not found', hint: 'install git', state: 'missing' })
    await expect(setUpAll([missing, needed(log, 'b')], context, () => {})).rejects.toThrow(
      expect.objectContaining({ hint: 'install git', status: 6 }),
    )
    expect(log).toEqual([])
  })

  it('check names every gap with its cure and changes nothing', async () => {
    const log: string[] = []
    const lines: string[] = []
    const missing = step('git', { detail: 'git was not found', hint: 'install git', state: 'missing' })
    expect(await checkAll([missing, needed(log, 'b')], context, (line) => lines.push(line))).toBe(2)
    expect(log).toEqual([])
    expect(lines.join('\n')).toContain('missing  git: git was not found\n           install git')
    expect(lines.join('\n')).toContain('make b')
  })

  it('keeps the caller’s environment and never downloads a Python by itself', () => {
    expect(context.env).toMatchObject({ HOME: process.env['HOME'], UV_PYTHON_DOWNLOADS: 'never' })
    expect(context.env['PATH']).toMatch(/^\/nowhere\/node_modules\/\.bin:/)
  })
})
