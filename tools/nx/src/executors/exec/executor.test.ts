import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemaJson } from '../../testing/executor-schema.ts'
import { capturingOutput, executorContext } from '../../testing/run-executor.ts'
import exec from './executor.ts'
import { schema, title } from './schema.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-exec-'))
  mkdirSync(join(root, 'libs/a b'), { recursive: true })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const print =
  'process.stdout.write(JSON.stringify([process.argv.slice(1), process.cwd(), process.env.GIVEN, process.env.RUSTC_WRAPPER]))'

describe('@interlock/nx:exec', () => {
  it('gives every character to the program as it is, in the directory and with the environment of the target', async () => {
    process.env['RUSTC_WRAPPER'] = 'sccache'
    const words = ['$(id)', '; echo x', 'a b', "it's", '"', '*', '']
    const options = { command: ['node', '-e', print, '--', ...words], cwd: 'libs/a b', env: { GIVEN: '$HOME' } }
    const { result, output } = await capturingOutput(async () => exec(options, executorContext(root)))
    expect(result).toEqual({ success: true })
    expect(JSON.parse(output)).toEqual([words, join(root, 'libs/a b'), '$HOME', 'sccache'])
  })

  it('finds the npm tools of the workspace from below', async () => {
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true })
    writeFileSync(join(root, 'node_modules/.bin/own-tool'), '#!/bin/sh\necho own\n', { mode: 0o755 })
    const { result } = await capturingOutput(async () => exec({ command: ['own-tool'], cwd: 'libs/a b' }, executorContext(root)))
    expect(result).toEqual({ success: true })
  })

  it('fails when the program fails', async () => {
    const { result } = await capturingOutput(async () =>
      exec({ command: ['node', '-e', 'process.exit(3)'] }, executorContext(root)),
    )
    expect(result).toEqual({ success: false })
  })

  it('says that it was not run when the program is missing', async () => {
    const { result, output } = await capturingOutput(async () => exec({ command: ['no-such-tool'] }, executorContext(root)))
    expect(result).toEqual({ success: false })
    expect(output).toContain('\nnot run: no-such-tool is missing\n\nhint: ')
  })

  it('refuses options that it does not know', async () => {
    await expect(exec({ command: ['x'], shell: true }, executorContext(root))).rejects.toThrow('shell')
  })

  it('has the schema that schema.ts says', async () => {
    await expect(schemaJson(title, schema)).toMatchFileSnapshot('./schema.json')
  })
})
