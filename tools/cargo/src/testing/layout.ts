import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { execFileSync } from 'node:child_process'
import { byText, type ReaderOptions, type WorkspaceFiles } from '@interlock/kit'

export type Files = Readonly<Record<string, string>>

export const OPTIONS: ReaderOptions = { targets: {}, cargoTestRunner: 'cargo', pythonVersions: [], allowNoTests: [] }

/** Texts as the files of a repository. */
export function memoryFiles(files: Files): WorkspaceFiles {
  return {
    paths: Object.keys(files).sort(byText),
    read: (path) => textOf(files, path),
    digest: (path) => sha256(textOf(files, path)),
  }
}

function textOf(files: Files, path: string): string {
  const text = files[path]
  if (text === undefined) throw new Error(`not listed: ${path}`)
  return text
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** A layout of `fixtures/`: files after `-- path --`, and third-party crates after `-- vendor --`. */
export function readLayout(name: string): Files {
  const text = readFileSync(new URL(`../../fixtures/${name}.txt`, import.meta.url), 'utf8')
  const files: Record<string, string> = {}
  for (const section of text.split(/^-- /m).slice(1)) {
    const end = section.indexOf(' --\n')
    const [path, content] = [section.slice(0, end), section.slice(end + 4)]
    if (path === 'vendor') Object.assign(files, vendored(content.trim().split('\n')))
    else files[path] = content
  }
  return withSources(files)
}

/** Vendored crates from lines like `serde 1.0.1: itoa 1, ryu 1`, with the source replacement that makes Cargo use them. */
export function vendored(lines: readonly string[]): Files {
  const files: Record<string, string> = {
    '.cargo/config.toml': '[source.crates-io]\nreplace-with = "vendored"\n[source.vendored]\ndirectory = "vendor"\n',
  }
  for (const line of lines) {
    const [head = '', needs = ''] = line.split(':')
    const [name = '', version = ''] = head.trim().split(' ')
    const dependencies = needs.split(',').filter((need) => need.trim() !== '')
    const table = dependencies.map((need) => need.trim().split(' ')).map(([other, requirement]) => `${other} = "${requirement}"`)
    const directory = `vendor/${name}-${version}`
    files[`${directory}/Cargo.toml`] =
      `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n[dependencies]\n${table.join('\n')}\n`
    files[`${directory}/src/lib.rs`] = ''
    files[`${directory}/.cargo-checksum.json`] = JSON.stringify({ files: {}, package: sha256(head.trim()) })
  }
  return files
}

/** Cargo refuses a package without any source file. */
export function withSources(files: Files): Files {
  const added: Record<string, string> = { ...files }
  for (const [path, text] of Object.entries(files)) {
    if (posix.basename(path) !== 'Cargo.toml' || !/^\[package\]/m.test(text)) continue
    const directory = posix.dirname(path)
    const [lib, main] = [posix.join(directory, 'src/lib.rs'), posix.join(directory, 'src/main.rs')]
    if (!(main in files)) added[lib] ??= ''
  }
  return added
}

export interface OracleProject {
  readonly edges: readonly string[]
  readonly slice: readonly string[]
}

/** What Cargo itself says about a repository, and the repository with the locks that Cargo wrote. */
export interface Oracle {
  readonly files: Files
  readonly projects: ReadonlyMap<string, OracleProject>
}

/** Runs `cargo generate-lockfile` and `cargo metadata`, offline, in a real directory. */
export function askCargo(files: Files): Oracle {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'interlock-cargo-')))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), text)
    }
    const manifests = Object.keys(files).filter((path) => posix.basename(path) === 'Cargo.toml' && !path.startsWith('vendor/'))
    const roots = new Set(
      manifests.map((path) =>
        dirname(cargo(directory, path, ['locate-project', '--workspace', '--message-format=plain']).trim()),
      ),
    )
    const locks: Record<string, string> = {}
    const projects = new Map<string, OracleProject>()
    for (const root of roots) {
      const manifest = posix.relative(directory, join(root, 'Cargo.toml'))
      const lock = posix.join(posix.dirname(manifest), 'Cargo.lock')
      if (!(lock in files)) cargo(directory, manifest, ['generate-lockfile', '--offline'])
      locks[lock] = readFileSync(join(root, 'Cargo.lock'), 'utf8')
      const metadata = JSON.parse(
        cargo(directory, manifest, ['metadata', '--offline', '--all-features', '--format-version', '1']),
      ) as Metadata
      for (const [path, project] of oracleProjects(metadata, directory)) projects.set(path, project)
    }
    return { files: { ...files, ...locks }, projects }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function cargo(directory: string, manifest: string, words: readonly string[]): string {
  const [verb = '', ...rest] = words
  return execFileSync('cargo', [verb, `--manifest-path=${manifest}`, ...rest], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  })
}

interface Metadata {
  readonly workspace_members: readonly string[]
  readonly packages: readonly { id: string; name: string; version: string; source: string | null; manifest_path: string }[]
  readonly resolve: {
    nodes: readonly { id: string; deps: readonly { pkg: string; dep_kinds: readonly { kind: string | null }[] }[] }[]
  }
}

const KINDS = ['normal', 'build', 'dev']

function oracleProjects(metadata: Metadata, directory: string): [string, OracleProject][] {
  const packages = new Map(metadata.packages.map((one) => [one.id, one]))
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node.deps]))
  const members = new Set(metadata.workspace_members)
  const rootOf = (id: string): string => posix.relative(directory, dirname(packages.get(id)?.manifest_path ?? '')) || '.'
  const isLocal = (id: string): boolean => packages.get(id)?.source === null && !rootOf(id).startsWith('..')
  return metadata.workspace_members.map((member) => {
    const edges = new Map<string, number>()
    const slice = new Set<string>()
    for (const { pkg, dep_kinds } of nodes.get(member) ?? []) {
      const strength = Math.min(...dep_kinds.map(({ kind }) => KINDS.indexOf(kind ?? 'normal')))
      for (const target of firstLocals(pkg))
        if (target !== member) edges.set(rootOf(target), Math.min(edges.get(rootOf(target)) ?? 9, strength))
    }
    const seen = new Set<string>()
    const queue = (nodes.get(member) ?? []).map(({ pkg }) => pkg)
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      if (!isLocal(id)) slice.add(`${packages.get(id)?.name} ${packages.get(id)?.version}`)
      for (const { pkg, dep_kinds } of nodes.get(id) ?? [])
        if (!members.has(id) || dep_kinds.some(({ kind }) => kind !== 'dev')) queue.push(pkg)
    }
    return [
      rootOf(member),
      { edges: [...edges].map(([root, kind]) => `${root} ${KINDS[kind]}`).sort(byText), slice: [...slice].sort(byText) },
    ]
  })

  function firstLocals(start: string): Set<string> {
    const [found, seen, queue] = [new Set<string>(), new Set<string>(), [start]]
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      if (isLocal(id)) found.add(id)
      else queue.push(...(nodes.get(id) ?? []).map(({ pkg }) => pkg))
    }
    return found
  }
}
