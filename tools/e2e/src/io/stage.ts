import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Json, publishedCollection, publishedManifest } from '../core/published-manifest.ts'

/** What a package is packed from, besides its build and the files that its manifest names. */
const SOURCES = ['bin', 'src', 'package.json', 'tsconfig.json', 'tsconfig.lib.json']

/**
 * Copies the named packages to `staging` in the layout of the repository, with the repository's installed packages in
 * reach, so that `tsc -b` there builds them without touching the repository.
 */
export function stageSources(repository: string, staging: string, names: readonly string[]): void {
  rmSync(join(staging, 'node_modules'), { recursive: true, force: true })
  linkInstalled(repository, staging, names)
  copyFile(join(repository, 'tsconfig.base.json'), join(staging, 'tsconfig.base.json'))
  for (const name of names) {
    const from = join(repository, 'tools', name)
    const to = join(staging, 'tools', name)
    for (const source of [...SOURCES, ...namedFiles(from)]) {
      rmSync(join(to, source), { recursive: true, force: true })
      if (existsSync(join(from, source))) cpSync(join(from, source), join(to, source), { recursive: true })
    }
    const own = join(from, 'node_modules')
    rmSync(join(to, 'node_modules'), { recursive: true, force: true })
    if (existsSync(own)) symlinkSync(own, join(to, 'node_modules'))
  }
}

/** Files of the tarball that are no glob and no build. */
function namedFiles(folder: string): string[] {
  const { files = [] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly files?: readonly string[] }
  return files.filter((file) => /^[\w.-]+$/.test(file) && file !== 'dist')
}

/** Rewrites the manifests of a staged and built package to what its tarball says. */
export function stagePublished(repository: string, folder: string): void {
  for (const [file, publish] of [
    ['package.json', publishedManifest],
    ['executors.json', publishedCollection],
    ['generators.json', publishedCollection],
  ] as const) {
    const path = join(folder, file)
    if (!existsSync(path)) continue
    const published = publish(JSON.parse(readFileSync(path, 'utf8')) as Json)
    writeFileSync(path, `${JSON.stringify(published, null, 2)}\n`)
  }
  copyFile(join(repository, 'LICENSE'), join(folder, 'LICENSE'))
}

/** `node_modules` of the staging folder: a link to each installed package, and to the staged ones instead of ours. */
function linkInstalled(repository: string, staging: string, names: readonly string[]): void {
  const modules = join(staging, 'node_modules')
  mkdirSync(join(modules, '@interlock'), { recursive: true })
  for (const entry of readdirSync(join(repository, 'node_modules'))) {
    if (entry.startsWith('.') || entry === '@interlock') continue
    symlinkSync(join(repository, 'node_modules', entry), join(modules, entry))
  }
  for (const name of names) symlinkSync(join(staging, 'tools', name), join(modules, '@interlock', name))
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to)
}
