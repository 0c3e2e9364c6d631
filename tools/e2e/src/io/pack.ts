import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'
import { stagePublished, stageSources } from './stage.ts'

/** The packages that a user installs, in the order in which they depend on each other. */
export const PUBLISHED: readonly string[] = ['kit', 'cargo', 'python', 'cli', 'cache', 'nx', 'workflows']

/** One packed package. */
export interface Packed {
  /** `@interlock/nx` */
  readonly name: string
  readonly version: string
  /** Absolute path of the tarball. */
  readonly tarball: string
  /** The folder that it was packed from: built, with the published manifests. */
  readonly folder: string
}

/**
 * Builds the published packages from the repository's sources in `staging` and packs them as npm would publish them.
 * The repository itself is only read.
 */
export async function packAll(repository: string, staging: string): Promise<readonly Packed[]> {
  stageSources(repository, staging, PUBLISHED)
  const projects = PUBLISHED.map((name) => join('tools', name, 'tsconfig.lib.json'))
  await runOk(['node', join(repository, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', ...projects], { cwd: staging })

  const tarballs = join(staging, 'tarballs')
  rmSync(tarballs, { recursive: true, force: true })
  mkdirSync(tarballs, { recursive: true })
  const packed: Packed[] = []
  for (const name of PUBLISHED) {
    const folder = join(staging, 'tools', name)
    stagePublished(repository, folder)
    packed.push(await pack(folder, tarballs))
  }
  return packed
}

async function pack(folder: string, tarballs: string): Promise<Packed> {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string }
  const before = new Set(readdirSync(tarballs))
  await runOk(['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', tarballs], { cwd: folder })
  const added = readdirSync(tarballs).filter((file) => !before.has(file))
  const [tarball] = added
  if (tarball === undefined || added.length > 1) throw new Error(`npm pack of ${name} wrote ${added.length} files`)
  return { name, version, tarball: join(tarballs, tarball), folder }
}
