import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'
import { type Packed, packAll } from './pack.ts'

/** What `npm install` leaves in a folder that had nothing. */
export interface Installed {
  readonly packed: readonly Packed[]
  /** A folder with package.json, package-lock.json and node_modules. */
  readonly folder: string
}

/**
 * Packs this repository's packages and installs the tarballs with npm as a newcomer does. The folder lies outside the
 * repository, so that nothing is found that was not installed, and is reused while the tarballs are the same.
 */
export async function installPacked(repository: string): Promise<Installed> {
  const place = createHash('sha256').update(repository).digest('hex').slice(0, 12)
  const cache = join(tmpdir(), `interlock-e2e-${place}`)
  const packed = await packAll(repository, join(cache, 'staging'))
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const wanted = [
    `nx@${devDependencies['nx']}`,
    `@nx/devkit@${devDependencies['@nx/devkit']}`,
    ...packed.map(({ tarball }) => tarball),
  ]
  const folder = join(cache, 'installed')
  const stamp = join(cache, 'installed.sha256')
  const digest = digestOf(wanted, packed)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return { packed, folder }

  rmSync(stamp, { force: true })
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await runOk(['npm', 'init', '-y'], { cwd: folder })
  await runOk(['npm', 'install', '--save-dev', '--prefer-offline', '--no-audit', '--no-fund', ...wanted], { cwd: folder })
  writeFileSync(stamp, digest)
  return { packed, folder }
}

/** Makes the packages of one folder those of another as well: links to the same bytes. */
export function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkPackages(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else linkSync(source, target)
  }
}

function digestOf(wanted: readonly string[], packed: readonly Packed[]): string {
  const hash = createHash('sha256').update(JSON.stringify(wanted))
  for (const { tarball } of packed) hash.update(readFileSync(tarball))
  return hash.digest('hex')
}
