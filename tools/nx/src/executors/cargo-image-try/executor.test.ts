import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compileServer } from '../../testing/image-server.ts'
import { schemaJson } from '../../testing/executor-schema.ts'
import { capturingOutput, executorContext } from '../../testing/run-executor.ts'
import cargoImage from '../cargo-image/executor.ts'
import cargoImageTry from './executor.ts'
import { schema, title } from './schema.ts'

let root: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'interlock-cargo-image-try-'))
  compileServer(root)
  const options = { program: 'dist/server/server', outputPath: 'dist/server/image', name: 'server', version: '1.2.3' }
  await capturingOutput(async () => cargoImage(options, executorContext(root)))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))
afterEach(() => vi.unstubAllEnvs())

async function run(path: string): Promise<{ result: { success: boolean }; output: string }> {
  return capturingOutput(async () => cargoImageTry({ image: 'dist/server/image', path }, executorContext(root)))
}

describe('@interlock/nx:cargo-image-try', () => {
  it('counts a server that answers from its image as a test, and one that does not as a failure', async () => {
    const { result, output } = await run('/healthz')
    // Where nothing lets it into another root file system, the test is skipped and counted as that.
    const answered = output.includes('200 from /healthz')
    expect({ result, output }).toEqual({
      result: { success: true },
      output: expect.stringMatching(
        answered ? /^image: 1 passed, 0 failed, 0 skipped$/m : /^image: 0 passed, 0 failed, 1 skipped$/m,
      ),
    })
    if (!answered) return
    const other = await run('/other')
    expect(other.result).toEqual({ success: false })
    expect(other.output).toMatch(/^IMAGE_BROKEN: .*it answered 404 to \/other/m)
  })

  it('promise-1: says that it was skipped, and why, where neither chroot nor user namespaces are allowed', async () => {
    for (const name of ['chroot', 'unshare']) writeFileSync(join(root, name), '#!/bin/sh\nexit 125\n', { mode: 0o755 })
    vi.stubEnv('PATH', `${root}:${process.env['PATH']}`)
    const { result, output } = await run('/healthz')
    expect(result).toEqual({ success: true })
    expect(output).toBe(
      'dist/server/image: skipped, because neither chroot nor user namespaces are allowed here\nimage: 0 passed, 0 failed, 1 skipped\n',
    )
  })

  it('has the schema that schema.ts says', async () => {
    await expect(schemaJson(title, schema)).toMatchFileSnapshot('./schema.json')
  })
})
