import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findLlvmTools } from '../../io/llvm-tools.ts'
import { schemaJson } from '../../testing/executor-schema.ts'
import { capturingOutput, executorContext } from '../../testing/run-executor.ts'
import cargoCoverage from './executor.ts'
import { schema, title } from './schema.ts'

const REPORT = 'dist/toy/coverage/lcov.info'
const { env } = process
let root = ''
let before: NodeJS.ProcessEnv

beforeEach(() => {
  before = { ...env }
  root = realpathSync(mkdtempSync(join(tmpdir(), 'cargo-coverage-')))
  write('Cargo.toml', '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n')
  write('src/lib.rs', `pub fn reached() -> u8 {\n    1\n}\npub fn missed() -> u8 {\n    2\n}\n${TESTS}`)
})
afterEach(() => {
  for (const name of Object.keys(env)) if (!(name in before)) delete env[name]
  Object.assign(env, before)
  rmSync(root, { force: true, recursive: true })
})

const TESTS = '#[cfg(test)]\nmod tests {\n    #[test]\n    fn reaches() {\n        assert_eq!(super::reached(), 1);\n    }\n}\n'

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

async function run(minimumCoverage = 0): Promise<{ success: boolean; output: string }> {
  const command = ['cargo', 'llvm-cov', '-p', 'toy', '--all-features', '--lcov', '--output-path', REPORT]
  const context = { ...executorContext(root), projectName: 'toy' }
  const { result, output } = await capturingOutput(async () =>
    cargoCoverage({ command, runner: 'cargo', report: REPORT, minimumCoverage }, context),
  )
  return { ...result, output }
}

/** A directory with Cargo and rustc, alone on PATH: nothing else is there, and rustc has no component either. */
function onlyRust(): void {
  const [cargo, rustc] = ['cargo', 'rustc'].map((name) => execFileSync('rustup', ['which', name], { encoding: 'utf8' }).trim())
  mkdirSync(join(root, 'bin'))
  symlinkSync(cargo ?? '', join(root, 'bin', 'cargo'))
  script('rustc', `if [ "$1" = --print ]; then echo '${join(root, 'sysroot')}'; else exec '${rustc}' "$@"; fi`)
  env['PATH'] = join(root, 'bin')
  delete env['LLVM_COV']
  delete env['LLVM_PROFDATA']
  env['CARGO_HOME'] = join(root, 'cargo-home')
}

/** A program that answers `--version`, first on PATH. */
function fakeTool(name: string, version: string): void {
  script(name, `echo "Debian LLVM version ${version}"`)
}

function script(name: string, line: string): void {
  write(`bin/${name}`, `#!/bin/sh\n${line}\n`)
  chmodSync(join(root, 'bin', name), 0o755)
}

const major = /LLVM version: (\d+)/.exec(execFileSync('rustc', ['-vV'], { encoding: 'utf8' }))?.[1] ?? ''
const hasTool = spawnSync('cargo', ['llvm-cov', '--version']).status === 0 && (await findLlvmTools('.')) !== undefined

describe('@interlock/nx:cargo-coverage', () => {
  it.runIf(hasTool)('measures for real: the function that no test calls has count 0, and the profiles lie apart', async () => {
    expect(await run()).toEqual({
      success: true,
      output: expect.stringMatching(/1 passed[^]*^coverage: [\d.]+ % of lines/m) as string,
    })
    const lines = readFileSync(join(root, REPORT), 'utf8').split('\n')
    expect(lines.filter((line) => line.startsWith('FNDA:') && line.includes('missed'))).toEqual([
      expect.stringMatching(/^FNDA:0,/),
    ])
    expect(lines.filter((line) => line.startsWith('FNDA:') && line.includes('reached'))).toEqual([
      expect.stringMatching(/^FNDA:1,/),
    ])
    expect(lines).toContain('SF:src/lib.rs')
    expect(existsSync(join(root, 'target', 'coverage', 'toy'))).toBe(true)
    expect(await run(85)).toEqual({
      success: false,
      output: expect.stringMatching(/less than 85 %\n[^]*hint: dist\/toy\/coverage\/lcov\.info has the lines/) as string,
    })
    write('src/lib.rs', 'pub fn untested() {}\n')
    expect(await run()).toEqual({ success: false, output: expect.stringMatching(/^no tests$/m) as string })
  })

  it.skipIf(process.platform === 'win32')('promise-1: fails with `not run` where the tools of LLVM are missing', async () => {
    onlyRust()
    expect(await run()).toEqual({
      success: false,
      output: expect.stringMatching(/^not run: llvm-cov and llvm-profdata are missing$/m) as string,
    })
  })

  it.skipIf(process.platform === 'win32')('promise-1: fails with `not run` where cargo-llvm-cov is missing', async () => {
    onlyRust()
    Object.assign(env, { LLVM_COV: 'llvm-cov', LLVM_PROFDATA: 'llvm-profdata' })
    expect(await run()).toEqual({
      success: false,
      output: expect.stringMatching(/^not run: cargo-llvm-cov is missing$/m) as string,
    })
  })

  it.skipIf(process.platform === 'win32')(
    'takes tools only of the version that wrote the profiles, and forbids a download',
    async () => {
      onlyRust()
      fakeTool('llvm-cov', '14.0.6')
      fakeTool('llvm-profdata', '14.0.6')
      expect(await findLlvmTools(root)).toBeUndefined()
      fakeTool(`llvm-cov-${major}`, `${major}.1.8`)
      fakeTool(`llvm-profdata-${major}`, `${major}.1.8`)
      expect(await findLlvmTools(root)).toEqual({
        CARGO_LLVM_COV_SETUP: 'no',
        LLVM_COV: `llvm-cov-${major}`,
        LLVM_PROFDATA: `llvm-profdata-${major}`,
      })
      Object.assign(env, { LLVM_COV: 'given', LLVM_PROFDATA: 'given' })
      expect(await findLlvmTools(root)).toEqual({ CARGO_LLVM_COV_SETUP: 'no' })
    },
  )

  it('has the schema that schema.ts says', async () => {
    await expect(schemaJson(title, schema)).toMatchFileSnapshot('./schema.json')
  })
})
