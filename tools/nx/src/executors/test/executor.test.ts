import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { schemaJson } from '../../testing/executor-schema.ts'
import { capturingOutput, executorContext } from '../../testing/run-executor.ts'
import test from './executor.ts'
import { schema, title } from './schema.ts'

const root = mkdtempSync(join(tmpdir(), 'executor-test-'))
afterAll(() => rmSync(root, { force: true, recursive: true }))

async function run(script: string, given: Record<string, unknown> = {}): Promise<{ success: boolean; output: string }> {
  const options = { command: ['node', '-e', script], runner: 'cargo', ...given }
  const { result, output } = await capturingOutput(async () => test(options, executorContext(root)))
  return { ...result, output }
}

const summary = (passed: number): string =>
  `console.log('test result: ok. ${passed} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s')`

describe('@interlock/nx:test', () => {
  it('passes and shows the output when tests ran', async () => {
    expect(await run(summary(2))).toEqual({ success: true, output: expect.stringContaining('2 passed') })
  })

  it('fails with `no tests` when none ran, although the command ended well', async () => {
    const { success, output } = await run(summary(0))
    expect(success).toBe(false)
    expect(output).toMatch(/^no tests$/m)
  })

  it('fails with `no tests` when nothing says that any ran', async () => {
    expect((await run('console.log("hello")')).success).toBe(false)
  })

  it('passes without tests only where that is allowed, and says so', async () => {
    expect(await run(summary(0), { allowNoTests: true })).toEqual({
      success: true,
      output: expect.stringContaining('no tests (allowed)'),
    })
  })

  it('fails when the command fails, whatever it counted', async () => {
    expect((await run(`${summary(2)}; process.exit(1)`, { allowNoTests: true })).success).toBe(false)
  })

  it('promise-1: fails without the report that it was asked for, and takes none of an earlier run', async () => {
    const report = 'dist/executor-test/lcov.info'
    const wrote = `require('node:fs').writeFileSync('${report}', 'TN:')`
    expect(await run(`${summary(2)}; ${wrote}`, { report })).toMatchObject({ success: true })
    expect(await run(summary(2), { report })).toEqual({
      success: false,
      output: expect.stringContaining(`no report: the tests passed, but ${report} was not written`) as string,
    })
    expect((await run(`${summary(2)}; ${wrote.replace('TN:', '')}`, { report })).success).toBe(false)
  })

  it('fails with `not run` when the runner is missing', async () => {
    const { success, output } = await run('', { command: ['no-such-runner'], allowNoTests: true })
    expect(success).toBe(false)
    expect(output).toMatch(/^not run: no-such-runner is missing$/m)
  })

  it('fails with `not run` when what the launcher starts is missing', async () => {
    const { success, output } = await run('console.error("error: no such command: `nextest`"); process.exit(101)', {
      runner: 'nextest',
    })
    expect(success).toBe(false)
    expect(output).toMatch(/^not run: cargo-nextest is missing$/m)
  })

  it('does not pass when VERCEL is set and the tests fail', async () => {
    process.env['VERCEL'] = '1'
    expect((await run('process.exit(process.env.VERCEL === "1" ? 1 : 0)')).success).toBe(false)
    delete process.env['VERCEL']
  })

  it('has the schema that schema.ts says', async () => {
    await expect(schemaJson(title, schema)).toMatchFileSnapshot('./schema.json')
  })
})
