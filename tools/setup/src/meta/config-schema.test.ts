import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from './repository.ts'

const SCHEMA = 'apps/docs/content/public/interlock.schema.json'

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function config(words: readonly string[], cwd: string = ROOT): Ran {
  const program = join(ROOT, 'node_modules', '@interlock', 'cli', 'bin', 'interlock.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'config', ...words], { cwd, encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('interlock config in this repository', () => {
  it('prints the schema that is published', async () => {
    await expect(config(['--schema']).stdout).toMatchFileSnapshot(join(ROOT, SCHEMA))
  })

  it('finds its interlock.yaml valid', () => {
    expect(config([])).toEqual({ status: 0, stdout: 'interlock.yaml is valid (cache, ci, graph)\n', stderr: '' })
  })
})

describe('interlock config in a workspace', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'interlock-config-'))
    writeFileSync(join(root, 'nx.json'), '{}')
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('says that every default holds where there is no file, and which they are', () => {
    expect(config([], root)).toMatchObject({
      status: 0,
      stdout: 'there is no interlock.yaml: every default holds (cache, ci, graph)\n',
    })
    expect(JSON.parse(config(['--json'], root).stdout)).toMatchObject({
      file: null,
      config: { ci: { schedule: '0 2 * * *' }, graph: { irrelevant: [] } },
    })
  })

  it.each([
    ['ci:\n  scedule: daily\n', 'interlock.yaml:2:12: ci.scedule: there is no such option; did you mean `schedule`?'],
    ['grahp: {}\n', 'interlock.yaml:1:1: there is no section `grahp`'],
    ['ci:\n  image: [\n', 'interlock.yaml:3:1: not valid YAML'],
    ['\u0000\u0001', 'interlock.yaml:'],
  ])('refuses %j with its place and status 2', (text, message) => {
    writeFileSync(join(root, 'interlock.yaml'), text)
    expect(config([], root)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})
