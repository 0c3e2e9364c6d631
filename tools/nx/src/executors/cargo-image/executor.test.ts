import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileServer } from '../../testing/image-server.ts'
import { schemaJson } from '../../testing/executor-schema.ts'
import { capturingOutput, executorContext } from '../../testing/run-executor.ts'
import cargoImage from './executor.ts'
import { schema, title } from './schema.ts'

let root: string
const options = { program: 'dist/server/server', outputPath: 'dist/server/image', name: 'server', version: '1.2.3' }

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-cargo-image-'))
  compileServer(root)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function run(more: object = {}): Promise<{ result: { success: boolean }; output: string }> {
  return capturingOutput(async () => cargoImage({ ...options, ...more }, executorContext(root)))
}

describe('@interlock/nx:cargo-image', () => {
  it('builds a layout, and says its digest and what is in it', async () => {
    const { result, output } = await run()
    expect(result).toEqual({ success: true })
    const index = JSON.parse(readFileSync(join(root, 'dist/server/image/index.json'), 'utf8')) as {
      manifests: [{ digest: string }]
    }
    expect(output).toContain(`dist/server/image: ${index.manifests[0].digest}, `)
    expect(output).toMatch(/libc\.so|ld-musl/)
  })

  it('names the commit that is checked out, where there is one', async () => {
    const git = (...words: readonly string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' })
    const label = (): unknown => {
      const blob = (digest: string): never =>
        JSON.parse(readFileSync(join(root, 'dist/server/image/blobs/sha256', digest.slice(7)), 'utf8')) as never
      const index = JSON.parse(readFileSync(join(root, 'dist/server/image/index.json'), 'utf8')) as {
        manifests: [{ digest: string }]
      }
      const { annotations } = blob(index.manifests[0].digest) as { annotations: Record<string, string> }
      return annotations['org.opencontainers.image.revision']
    }
    expect(label()).toBeUndefined()
    git('init', '--quiet')
    git('-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '--quiet', '--allow-empty', '-m', 'first')
    await run()
    expect(label()).toBe(git('rev-parse', 'HEAD').trim())
  })

  it('promise-1: is not run where the program was not built, and leaves no layout', async () => {
    const { result, output } = await run({ program: 'dist/none', outputPath: 'dist/none/image' })
    expect(result).toEqual({ success: false })
    expect(output).toMatch(/^not run: IMAGE_PROGRAM_MISSING: dist\/none: there is no such program\n\nhint: build it/m)
    expect(existsSync(join(root, 'dist/none/image'))).toBe(false)
  })

  it('has the schema that schema.ts says', async () => {
    await expect(schemaJson(title, schema)).toMatchFileSnapshot('./schema.json')
  })
})
