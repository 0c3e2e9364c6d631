import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { InterlockError, runProcess } from '@interlock/kit'
import { type Elf, readElf } from '../../core/image/elf.ts'
import { parseLdd } from '../../core/image/libraries.ts'

/** A program of Linux and what its loader needs. */
export interface Program {
  readonly machine: Elf
  /** Absolute paths of the loader and the shared libraries. */
  readonly libraries: readonly string[]
}

/** Where the distributions keep their certificate authorities, in the order in which they are looked for. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
] as const

/** Variables by which the loader of this machine would find other libraries than that of the image. */
const LOADER_VARIABLES = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'LD_AUDIT']

/**
 * Reads what a program is and what it needs.
 *
 * Throws `InterlockError`: `IMAGE_PROGRAM_MISSING` without the file, `IMAGE_PLATFORM_UNFIT` when it is no program of Linux or its
 * libraries cannot be asked for here, `IMAGE_LIBRARY_MISSING` when one is not found.
 */
export async function readProgram(path: string, file: string): Promise<Program> {
  if (!existsSync(path)) {
    throw new InterlockError('IMAGE_PROGRAM_MISSING', 'there is no such program', { file, hint: 'build it: nx build PROJECT' })
  }
  const machine = readElf(readFileSync(path))
  if (machine === undefined) {
    const hint = 'build the image on Linux, or in CI'
    throw new InterlockError('IMAGE_PLATFORM_UNFIT', 'is not a program of Linux that can be recognised', { file, hint })
  }
  return { machine, libraries: machine.isDynamic ? await librariesOf(path, file) : [] }
}

/** The certificate authorities of this machine; `SSL_CERT_FILE` is asked first. `undefined` where there are none. */
export function findCertificates(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return [env['SSL_CERT_FILE'] ?? '', ...BUNDLES].find((path) => path !== '' && existsSync(path))
}

async function librariesOf(path: string, file: string): Promise<readonly string[]> {
  const unset = Object.fromEntries(LOADER_VARIABLES.map((name) => [name, undefined]))
  const asked = await runProcess(['ldd', realpathSync(path)], { env: { ...unset, LC_ALL: 'C' }, timeoutMs: 60_000 })
  const libraries = parseLdd(asked.kind === 'missing' ? '' : asked.stdout)
  // Of a program for another processor ldd says that it is not dynamic.
  if (libraries.found.length + libraries.missing.length === 0) {
    throw new InterlockError('IMAGE_PLATFORM_UNFIT', 'ldd does not say which libraries it needs', {
      file,
      hint: 'build the image on the system and the processor that the program is for',
    })
  }
  if (libraries.missing.length > 0) {
    throw new InterlockError('IMAGE_LIBRARY_MISSING', `the loader does not find ${libraries.missing.join(', ')}`, {
      file,
      hint: 'install what it was linked with, or link it statically',
    })
  }
  return libraries.found
}
