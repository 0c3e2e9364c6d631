import { describe, expect, it } from 'vitest'
import { crate, failure, projectAt, read } from '../../testing/small.ts'
import { readElf } from './elf.ts'
import { environmentOf, planLayers } from './layers.ts'
import { parseLdd, unsearchedFolders } from './libraries.ts'

const BINARY = { 'a/src/main.rs': '' }
const manifest = (image: string, rest = ''): string => crate('a', `${rest}[package.metadata.interlock.image]\n${image}`)
const targets = (text: string, more: Readonly<Record<string, string>> = {}) =>
  projectAt(read({ ...BINARY, ...more, 'a/Cargo.toml': text }), 'a').targets

describe('an image', () => {
  it('is built only where the manifest asks for one', () => {
    expect(targets(crate('a'))).not.toHaveProperty('image')
    expect(targets(manifest(''))['image']).toMatchObject({
      command: [],
      cache: false,
      dependsOn: ['build'],
      outputs: ['{workspaceRoot}/dist/{projectName}/image'],
      executor: {
        name: 'cargo-image',
        options: { program: 'dist/{projectName}/a', outputPath: 'dist/{projectName}/image', name: 'a', version: '0.1.0' },
      },
    })
  })

  it('has the licence, the description, the arguments and the ports of the manifest', () => {
    const text = manifest('arguments = ["serve"]\nports = [8080]\n', 'license = "MIT"\ndescription = "Serves"\n')
    expect(targets(text)['image']?.executor?.options).toMatchObject({
      licences: 'MIT',
      description: 'Serves',
      arguments: ['serve'],
      ports: [8080],
    })
  })

  it('is tried where the manifest says what to ask for', () => {
    expect(targets(manifest(''))).not.toHaveProperty('test-image')
    expect(targets(manifest('try = { arguments = ["x"], path = "/healthz" }'))['test-image']).toMatchObject({
      dependsOn: ['image'],
      executor: { name: 'cargo-image-try', options: { image: 'dist/{projectName}/image', arguments: ['x'], path: '/healthz' } },
    })
  })

  it('is of the binary that the manifest names, where there are several', () => {
    const two = { 'a/src/bin/two.rs': '' }
    expect(targets(manifest('binary = "two"'), two)['image']?.executor?.options).toMatchObject({ name: 'two' })
    expect(failure({ ...BINARY, ...two, 'a/Cargo.toml': manifest('') })).toMatch(
      /^CARGO_MANIFEST_UNREADABLE: a\/Cargo\.toml: .* does not say of which binary\n\nhint: `binary` is one of a, two$/,
    )
  })

  it.each([
    ['binary = "b"', 'names "b", which is no binary'],
    ['port = [1]', '`package.metadata.interlock.image.port` is no key of an image'],
    ['ports = [0]', 'is not an array of ports'],
    ['try = { path = "healthz" }', 'is not the path of a request'],
    ['try = { paths = "/" }', 'is no key of an image; the keys are arguments, path'],
    ['arguments = "serve"', 'an array of strings'],
  ])('is an error of the manifest with %s', (image, message) => {
    expect(failure({ ...BINARY, 'a/Cargo.toml': manifest(image) })).toContain(message)
  })
})

describe('the layers', () => {
  const plan = (certificates?: string) =>
    planLayers({ name: 'a', program: '/p/a', libraries: ['/lib64/ld.so', '/usr/lib/x/../l.so'], certificates })

  it('hold libraries at their own paths, every directory before its files, and the program alone on top', () => {
    const [base, top] = plan('/certificates.pem').map(({ entries }) => entries.map(({ path }) => path))
    expect(base).toEqual([
      'etc',
      'etc/group',
      'etc/nsswitch.conf',
      'etc/passwd',
      'etc/ssl',
      'etc/ssl/certs',
      'etc/ssl/certs/ca-certificates.crt',
      'lib64',
      'lib64/ld.so',
      'tmp',
      'usr',
      'usr/lib',
      'usr/lib/l.so',
    ])
    expect(top).toEqual(['usr', 'usr/local', 'usr/local/bin', 'usr/local/bin/a'])
  })

  it('tell the program where certificates are only when there are some', () => {
    expect(environmentOf({ libraries: [], certificates: '/c' })).toEqual([
      'PATH=/usr/local/bin',
      'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
    ])
    expect(environmentOf({ libraries: ['/opt/x/l.so'], certificates: undefined })).toEqual([
      'LD_LIBRARY_PATH=/opt/x',
      'PATH=/usr/local/bin',
    ])
    expect(plan()[0]?.entries.map(({ path }) => path)).not.toContain('etc/ssl')
  })
})

describe('the libraries of a program', () => {
  it('are those that ldd names, with the loader and without the kernel’s own', () => {
    const output =
      '\tlinux-vdso.so.1 (0x00007f)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n'
    expect(parseLdd(output)).toEqual({ found: ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'], missing: [] })
  })

  it('are missing where ldd finds none', () => {
    expect(parseLdd('\tlibx.so => not found\n')).toEqual({ found: [], missing: ['libx.so'] })
    expect(parseLdd('\tnot a dynamic executable\n')).toEqual({ found: [], missing: [] })
  })

  it('are searched for only in the folders that every loader searches', () => {
    const libraries = ['/lib/x86_64-linux-gnu/a', '/usr/lib64/b', '/usr/lib/c', '/usr/local/lib/d', '/opt/e', '/opt/f']
    expect(unsearchedFolders(libraries)).toEqual(['/opt', '/usr/local/lib'])
  })
})

describe('a program', () => {
  /** A head with one segment behind it. */
  const elf = (machine: number, { segment = 1, isWide = true, isLittle = true } = {}): Uint8Array => {
    const view = new DataView(new ArrayBuffer(128))
    view.setUint32(0, 0x7f454c46)
    view.setUint8(4, isWide ? 2 : 1)
    view.setUint8(5, isLittle ? 1 : 2)
    view.setUint16(18, machine, isLittle)
    if (isWide) view.setBigUint64(32, 64n, isLittle)
    else view.setUint32(28, 64, isLittle)
    view.setUint16(isWide ? 54 : 42, 56, isLittle)
    view.setUint16(isWide ? 56 : 44, 1, isLittle)
    view.setUint32(64, segment, isLittle)
    return new Uint8Array(view.buffer)
  }

  it('has the name of its machine that images have for it', () => {
    expect(readElf(elf(0x3e))).toEqual({ architecture: 'amd64', variant: undefined, isDynamic: false })
    expect(readElf(elf(0xb7))?.architecture).toBe('arm64')
    expect(readElf(elf(0x28, { isWide: false }))?.variant).toBe('v7')
    expect(readElf(elf(0x16, { isLittle: false }))?.architecture).toBe('s390x')
  })

  it('is dynamic where it names a loader', () => {
    expect(readElf(elf(0x3e, { segment: 3 }))?.isDynamic).toBe(true)
    expect(readElf(elf(0x28, { segment: 3, isWide: false }))?.isDynamic).toBe(true)
  })

  it('is unknown where it is none of Linux, or cut off', () => {
    expect(readElf(elf(0x999))).toBeUndefined()
    expect(readElf(new TextEncoder().encode('MZ, a program of Windows'.padEnd(80)))).toBeUndefined()
    expect(readElf(elf(0x3e).subarray(0, 100))).toBeUndefined()
    expect(readElf(elf(0x3e).subarray(0, 19))).toBeUndefined()
  })
})
