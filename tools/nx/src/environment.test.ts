import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cargoLock, crate, DAEMON } from './testing/hostile.ts'
import { createNxWorkspace, type NxWorkspace } from './testing/nx-workspace.ts'

// Each start of Nx takes seconds on a machine that is busy with something else.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const REPOSITORY = join(import.meta.dirname, '..', '..', '..')
const PRINTED = ['CI', 'VERCEL', 'RUSTC_WRAPPER', 'CARGO_TARGET_DIR', 'PYTHONPATH', 'VIRTUAL_ENV']

let workspace: NxWorkspace
const at = (...path: readonly string[]): string => join(workspace.root, ...path)

beforeAll(() => {
  workspace = createNxWorkspace({
    'Cargo.toml': '[workspace]\nresolver = "3"\nmembers = ["crates/*"]\n',
    'Cargo.lock': cargoLock({ green: [], red: [] }),
    'crates/green/Cargo.toml': crate('green'),
    'crates/green/src/lib.rs': '#[test]\nfn green() {}\n',
    'crates/red/Cargo.toml': crate('red'),
    'crates/red/src/lib.rs': '#[test]\nfn red() {\n    panic!("red");\n}\n',
    'plain/pyproject.toml': '[project]\nname = "plain"\nversion = "1"\n[tool.pytest.ini_options]\n',
    'plain/test_plain.py':
      'import os\nimport only_on_pythonpath\ndef test_environment():\n    assert os.environ["VIRTUAL_ENV"] == "/of/the/user"\n',
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["member"]\n',
    'member/pyproject.toml': '[project]\nname = "member"\nversion = "1"\nrequires-python = ">=3.9"\n[tool.pytest.ini_options]\n',
    'member/test_member.py': 'def test_member():\n    pass\n',
    'show/project.json': JSON.stringify({ name: 'show', targets: { show: { command: 'node show.mjs' } } }),
    'show.mjs': `console.log(${JSON.stringify(PRINTED)}.map((name) => name + '=' + process.env[name]).join(' '))\n`,
    'of-the-user/only_on_pythonpath.py': '',
    'of-the-user/.gitignore': 'log\n',
  })
  writeFileSync(at('of-the-user/wrapper'), `#!/bin/sh\necho "$1" >> "${at('of-the-user/log')}"\nexec "$@"\n`, { mode: 0o755 })
  workspace.nx(['sync'])
  workspace.commit('begin')
})
afterAll(() => workspace.dispose())

/** A folder with nothing but links to these programs, to be the whole PATH. */
function pathOf(name: string, programs: readonly string[]): string {
  const folder = at('.nx', name)
  mkdirSync(folder, { recursive: true })
  for (const program of programs) symlinkSync(realpathSync(findProgram(program)), join(folder, program))
  return folder
}

function findProgram(name: string): string {
  const folders = [join(REPOSITORY, 'node_modules', '.bin'), ...(process.env['PATH'] ?? '').split(delimiter)]
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (found === undefined) throw new Error(`${name} is not installed`)
  return found
}

describe.each(DAEMON)('with the daemon %s', (_, env) => {
  it('variables of the user reach a task as they are', () => {
    const given = Object.fromEntries(PRINTED.map((name) => [name, `/of/the/user/${name}`]))
    const { status, output } = workspace.nx(['run', 'show:show'], { ...env, ...given })
    expect(status).toBe(0)
    expect(output).toContain(PRINTED.map((name) => `${name}=/of/the/user/${name}`).join(' '))
  })

  it('variables of the user are followed by cargo and Python, and turn no red test green', () => {
    const target = at('.nx', 'target-of-the-user')
    const given = {
      CI: 'true',
      VERCEL: '1',
      RUSTC_WRAPPER: at('of-the-user/wrapper'),
      CARGO_TARGET_DIR: target,
      PYTHONPATH: at('of-the-user'),
      VIRTUAL_ENV: '/of/the/user',
      PATH: [join(REPOSITORY, '.venv', 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    }
    const tests = ['affected', '-t', 'test', '--all', '--projects', 'green,red,plain']
    const { status, output } = workspace.interlock(tests, { ...env, ...given })
    expect(status).toBe(1)
    expect(output).toMatch(/^green +test +passed/m)
    expect(output).toMatch(/^plain +test +passed/m)
    expect(output).toMatch(/^red +test +failed/m)
    expect(output).toMatch(/^failed:\n {2}red:test {2}red$/m)
    expect(output).toMatch(/^2 passed, 1 failed, 0 skipped$/m)
    expect(existsSync(join(target, 'debug'))).toBe(true)
    expect(existsSync(at('target'))).toBe(false)
    expect(workspace.read('of-the-user/log')).toContain('rustc')
  })
})

describe('a tool that is missing', () => {
  it('in the language of a target is not run, never green', () => {
    hideNpmTools()
    const { status, output } = workspace.interlock(['affected', '-t', 'test', 'format', '--all'], {
      PATH: pathOf('without-tools', ['node', 'git', 'sh']),
    })
    expect(status).toBe(1)
    for (const row of ['green +format', 'green +test', 'red +test', 'plain +test', 'member +test'])
      expect(output).toMatch(new RegExp(`^${row} +not run`, 'm'))
    for (const tool of ['cargo', 'python', 'uv'])
      expect(output).toMatch(new RegExp(`^not run: ${tool} is missing\\s+hint: `, 'm'))
  })

  it('may be git: no command that compares is green', () => {
    const PATH = pathOf('without-git', ['node', 'sh'])
    for (const words of [['affected', '-t', 'test'], ['base'], ['why', 'green'], ['lock', 'diff'], ['doctor']])
      expect(workspace.interlock(words, { PATH })).toMatchObject({
        status: 6,
        output: expect.stringMatching(/TOOL_MISSING: git .*\s+hint: /),
      })
    expect(workspace.nx(['affected', '-t', 'test', '--base=HEAD'], { PATH }).status).toBe(1)
  })

  it('may be a version of Python: its tests are not run, neither without it nor on another one', () => {
    const env = {
      PATH: pathOf('with-uv', ['node', 'git', 'sh', 'uv']),
      UV_OFFLINE: '1',
      UV_PYTHON_DOWNLOADS: 'never',
      UV_PYTHON_INSTALL_DIR: at('.nx/no-pythons'),
      UV_NO_CONFIG: '1',
    }
    const nothing = workspace.nx(['run', 'member:test-py3.9'], env)
    expect(nothing).toMatchObject({ status: 1, output: expect.stringContaining('not run: Python 3.9 is missing') })
    // The environment of this repository has pytest, and is not of Python 3.9.
    symlinkSync(join(REPOSITORY, '.venv'), at('.venv-3.9'))
    const other = workspace.nx(['run', 'member:test-py3.9'], env)
    expect(other.output).toContain('1 passed')
    expect(other).toMatchObject({ status: 1, output: expect.stringContaining('not run: Python 3.9 is missing') })
  })
})

/** The programs of npm packages stand in front of PATH; what the set-up linked there must not be found. */
function hideNpmTools(): void {
  const folder = at('node_modules')
  rmSync(folder)
  mkdirSync(folder)
  for (const name of readdirSync(join(REPOSITORY, 'node_modules')).filter((each) => each !== '.bin'))
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(folder, name))
}
