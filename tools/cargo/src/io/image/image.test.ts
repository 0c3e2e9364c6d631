import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileServer, type ImageServer } from '../../testing/image-server.ts'
import { findCrane } from '../../testing/crane.ts'
import { buildImage, type BuiltImage } from './build.ts'
import { findEntrance } from './enter.ts'
import { tryImage, type TryResult } from './try.ts'

const image = {
  name: 'server',
  version: '1.2.3',
  description: 'Says hello',
  licences: 'Apache-2.0',
  revision: 'a'.repeat(40),
  arguments: ['serve'],
  ports: [8080],
}
let work: string
let server: ImageServer
let built: BuiltImage

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'interlock-image-test-'))
  server = compileServer(work)
  built = await build('image')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

async function build(name: string, order: { program?: string; env?: NodeJS.ProcessEnv } = {}): Promise<BuiltImage> {
  const { program = server.program, env = process.env } = order
  return buildImage({ program, file: 'dist/server', folder: join(work, name), image, env })
}

async function attempt(folder: string, words: readonly string[] = []): Promise<TryResult> {
  return tryImage({ folder, arguments: words, path: '/healthz', env: process.env })
}

function document(digest: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(work, 'image/blobs/sha256', digest.replace('sha256:', '')), 'utf8')) as never
}

function copyOfImage(): string {
  const copy = mkdtempSync(join(work, 'copy-'))
  cpSync(join(work, 'image'), copy, { recursive: true })
  return copy
}

describe('an image', () => {
  it('has the same digest twice, and another at another time', async () => {
    expect((await build('again')).digest).toBe(built.digest)
    expect(readdirSync(join(work, 'again/blobs/sha256'))).toEqual(readdirSync(join(work, 'image/blobs/sha256')))
    expect((await build('later', { env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' } })).digest).not.toBe(built.digest)
  })

  it('says who it is, whom it runs as and where it listens', () => {
    const { config, annotations } = document(built.digest) as { config: { digest: string }; annotations: object }
    const { config: run, created } = document(config.digest) as { config: object; created: string }
    expect(created).toBe('1970-01-01T00:00:00.000Z')
    expect(run).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['/usr/local/bin/server'],
      Cmd: ['serve'],
      ExposedPorts: { '8080/tcp': {} },
      Labels: annotations,
    })
    expect(annotations).toEqual({
      'org.opencontainers.image.description': 'Says hello',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.revision': 'a'.repeat(40),
      'org.opencontainers.image.title': 'server',
      'org.opencontainers.image.version': '1.2.3',
    })
  })

  it('replaces the one before as a whole and leaves nothing beside it', async () => {
    writeFileSync(join(work, 'again', 'old'), '')
    await build('again')
    expect(readdirSync(join(work, 'again')).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
    expect(readdirSync(work).filter((name) => name.startsWith('again-'))).toEqual([])
  })

  it('is not built of a program that is not there, is none, or is for another processor', async () => {
    const text = join(work, 'text')
    writeFileSync(text, '#!/bin/sh\n')
    const foreign = join(work, 'foreign')
    writeFileSync(foreign, readFileSync(server.program).fill(0x16, 18, 19))
    await expect(build('no', { program: join(work, 'none') })).rejects.toMatchObject({
      code: 'IMAGE_PROGRAM_MISSING',
      exitStatus: 6,
    })
    await expect(build('no', { program: text })).rejects.toMatchObject({ code: 'IMAGE_PLATFORM_UNFIT', exitStatus: 6 })
    await expect(build('no', { program: foreign })).rejects.toThrow(/dist\/server: (?:ldd does not say|is not a program)/)
    expect(existsSync(join(work, 'no'))).toBe(false)
  })

  it('is not built where a library is missing', async () => {
    const lonely = mkdtempSync(join(work, 'lonely-'))
    const { program, library } = compileServer(lonely)
    rmSync(library)
    await expect(build('no', { program })).rejects.toMatchObject({
      code: 'IMAGE_LIBRARY_MISSING',
      exitStatus: 6,
      reason: 'the loader does not find libgreeting.so',
      hint: expect.stringContaining('install'),
    })
  })

  it('is not built at a time that is none', async () => {
    const env = { ...process.env, SOURCE_DATE_EPOCH: 'yesterday' }
    await expect(build('no', { env })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('has the certificate authorities of this machine, or those that it is told', async () => {
    const bundle = join(work, 'bundle.pem')
    writeFileSync(bundle, 'certificates')
    const told = await build('told', { env: { ...process.env, SSL_CERT_FILE: bundle } })
    expect(told.certificates).toBe(bundle)
    expect(told.digest).not.toBe(built.digest)
  })
})

const crane = findCrane()

describe(`an image in the hands of ${crane === undefined ? 'crane (not run: npm run setup installs it)' : 'crane'}`, () => {
  it.skipIf(crane === undefined)('is refused by a registry with another byte, and found whole in it as it is', async () => {
    const registry = spawn(crane!, ['registry', 'serve', '--address', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] })
    try {
      const address = await new Promise<string>((resolve, reject) => {
        registry.on('close', () => reject(new Error('the registry ended')))
        for (const stream of [registry.stdout, registry.stderr])
          stream.on('data', (chunk) => {
            const port = /serving on port (\d+)|127\.0\.0\.1:(\d+)/.exec(String(chunk))
            if (port !== null) resolve(`127.0.0.1:${port[1] ?? port[2]}`)
          })
      })
      const run = (...words: readonly string[]): string => execFileSync(crane!, words, { encoding: 'utf8', stdio: 'pipe' })
      const broken = copyOfImage()
      const layer = (document(built.digest) as { layers: { digest: string }[] }).layers[1]!.digest.slice(7)
      const file = join(broken, 'blobs/sha256', layer)
      writeFileSync(file, readFileSync(file).fill(0, 100, 101))
      expect(() => run('push', broken, `${address}/broken:1`)).toThrow(/digest|DIGEST|broken/i)
      const name = `${address}/server:1.2.3`
      expect(run('push', join(work, 'image'), name).trim()).toMatch(new RegExp(`sha256:${built.digest}$`))
      expect(run('validate', '--remote', name)).toContain('PASS')
      run('export', name, join(work, 'export.tar'))
      const files = execFileSync('tar', ['--list', '--file', join(work, 'export.tar')], { encoding: 'utf8' }).split('\n')
      expect(files).toEqual(expect.arrayContaining(['etc/passwd', 'usr/local/bin/server', server.library.slice(1)]))
    } finally {
      registry.kill('SIGKILL')
    }
  })
})

const entrance = await findEntrance(process.env)

describe(`an image’s program, started ${entrance === undefined ? '(not run: neither chroot nor user namespaces are allowed here)' : `by ${entrance.name}`}`, () => {
  it.skipIf(entrance === undefined)('answers from nothing but the image, and ends when it is asked to', async () => {
    expect(await attempt(join(work, 'image'))).toEqual({ kind: 'answered', status: 200, by: entrance?.name })
  })

  it.skipIf(entrance === undefined)('is broken where a library is missing that it loads itself', async () => {
    // The same words work on this machine, so it is the image that lacks the library.
    await expect(attempt(join(work, 'image'), ['libm.so.6'])).rejects.toMatchObject({
      code: 'IMAGE_BROKEN',
      exitStatus: 1,
      message: expect.stringMatching(/it exited with status 3 before it listened:\nlibm\.so\.6: cannot open shared object file/),
    })
  })

  it.skipIf(entrance === undefined)('is broken where it answers with no success', async () => {
    const order = { folder: join(work, 'image'), arguments: [], path: '/other', env: process.env }
    await expect(tryImage(order)).rejects.toThrow('it answered 404 to /other')
  })

  it.skipIf(entrance === undefined)('is not started from a layout that is not whole', async () => {
    const broken = copyOfImage()
    writeFileSync(join(broken, 'blobs/sha256', built.digest), '{}')
    await expect(attempt(broken)).rejects.toMatchObject({
      code: 'IMAGE_BROKEN',
      reason: expect.stringContaining('not what its name says'),
    })
    rmSync(join(broken, 'index.json'))
    await expect(attempt(broken)).rejects.toMatchObject({ file: 'index.json' })
  })

  it('promise-1: is named as not allowed, and not as answered, where nothing lets it into another root', async () => {
    const denied = mkdtempSync(join(work, 'denied-'))
    for (const name of ['chroot', 'unshare']) writeFileSync(join(denied, name), '#!/bin/sh\nexit 125\n', { mode: 0o755 })
    const order = { folder: join(work, 'image'), arguments: [], path: '/healthz', env: { PATH: denied } }
    expect(await tryImage(order)).toEqual({
      kind: 'not allowed',
      reason: 'neither chroot nor user namespaces are allowed here',
    })
  })
})
