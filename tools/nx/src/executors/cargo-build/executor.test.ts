import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemaJson } from '../../testing/executor-schema.ts'
import { capturingOutput, executorContext } from '../../testing/run-executor.ts'
import cargoBuild from './executor.ts'
import { schema, title } from './schema.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-cargo-build-'))
  mkdirSync(join(root, 'src'))
  writeFileSync(join(root, 'Cargo.toml'), '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2024"\n')
  writeFileSync(join(root, 'src/main.rs'), 'fn main() { println!("hello"); }\n')
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const options = { command: ['cargo', 'build', '--offline'], outputPath: 'dist/hello' }

describe('@interlock/nx:cargo-build', () => {
  it('copies the binary that was built, wherever the target folder is', async () => {
    const env = { CARGO_TARGET_DIR: join(root, 'elsewhere') }
    const { result, output } = await capturingOutput(async () =>
      cargoBuild({ ...options, env, binaries: ['hello'] }, executorContext(root)),
    )
    expect(result).toEqual({ success: true })
    expect(output).not.toContain('compiler-artifact')
    expect(execFileSync(join(root, 'dist/hello/hello'), { encoding: 'utf8' })).toBe('hello\n')
    expect(existsSync(join(root, 'target'))).toBe(false)
  })

  it('copies it again when nothing had to be built', async () => {
    rmSync(join(root, 'dist'), { recursive: true })
    const env = { CARGO_TARGET_DIR: join(root, 'elsewhere') }
    await capturingOutput(async () => cargoBuild({ ...options, env, binaries: ['hello'] }, executorContext(root)))
    expect(existsSync(join(root, 'dist/hello/hello'))).toBe(true)
  })

  it('fails when a binary that was promised is not built', async () => {
    const env = { CARGO_TARGET_DIR: join(root, 'elsewhere') }
    const { result, output } = await capturingOutput(async () =>
      cargoBuild({ ...options, env, binaries: ['hello', 'other'] }, executorContext(root)),
    )
    expect(result).toEqual({ success: false })
    expect(output).toContain('built no binary other')
  })

  it('has the schema that schema.ts says', async () => {
    await expect(schemaJson(title, schema)).toMatchFileSnapshot('./schema.json')
  })
})
