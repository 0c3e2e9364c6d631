import {
  by,
  createMemo,
  sortedUnique,
  type LockedSlice,
  type Memo,
  type Reader,
  type ReaderOptions,
  type ReaderProject,
  type ReaderResult,
  type WorkspaceFiles,
} from '@interlock/kit'
import { cratesOf } from './crates.ts'
import { checkCycles, crateGraph, edgesOf } from './edges.ts'
import { externalsOf, ownExternals } from './externals.ts'
import { lockedWorkspace, type LockedWorkspace } from './locked.ts'
import { listManifests } from './manifests.ts'
import type { Crate, Workspace } from './model.ts'
import { projectNames } from './names.ts'
import { outsideOf } from './outside.ts'
import { fileIn, isInside } from './paths.ts'
import { patchesOf } from './patches.ts'
import { sharer } from './share.ts'
import { slicer } from './slices.ts'
import { binariesOf, binarySources, targetsOf } from './targets.ts'
import { findWorkspaces } from './workspaces.ts'

const OWN_FILES: readonly string[] = [
  '**/.cargo/**',
  '**/.clippy.toml',
  '**/.rustfmt.toml',
  '**/Cargo.lock',
  '**/Cargo.toml',
  '**/clippy.toml',
  '**/rust-toolchain',
  '**/rust-toolchain.toml',
  '**/rustfmt.toml',
]

/** Globs of the files that the reader looks at: whoever lists files for it must list these. */
export const cargoFileGlobs: readonly string[] = [
  '**/.cargo-checksum.json',
  '**/.cargo/config',
  '**/.cargo/config.toml',
  '**/Cargo.lock',
  '**/Cargo.toml',
  '**/src/bin/*.rs',
  '**/src/bin/*/main.rs',
  '**/src/lib.rs',
  '**/src/main.rs',
]

const RELEVANT = /(?:^|\/)(?:Cargo\.toml|Cargo\.lock|\.cargo\/config(?:\.toml)?)$/
const PRESENT = /(?:^|\/)(?:\.cargo-checksum\.json|src\/(?:lib|main)\.rs|src\/bin\/[^/]+\.rs|src\/bin\/[^/]+\/main\.rs)$/
const results: Memo<ReaderResult> = createMemo(4)

/**
 * Reads the Cargo manifests and locks of a repository: pure, without Cargo, the network or the disk. A call with the same
 * files and options returns the same object. Throws `InterlockError` where Cargo itself would refuse.
 */
export const readCargo: Reader = (files, options) => results(keyOf(files, options), () => read(files, options))

function keyOf(files: WorkspaceFiles, options: ReaderOptions): string {
  const parts = [JSON.stringify([options.targets, options.cargoTestRunner, options.allowNoTests])]
  for (const path of files.paths) {
    if (RELEVANT.test(path)) parts.push(`${path}\0${files.digest(path)}`)
    else if (PRESENT.test(path)) parts.push(path)
  }
  return parts.join('\n')
}

function read(files: WorkspaceFiles, options: ReaderOptions): ReaderResult {
  const manifests = listManifests(files)
  const workspaces = findWorkspaces(manifests)
  const crates = workspaces.flatMap((workspace) => cratesOf(manifests, workspace)).sort(by((crate) => crate.root))
  const byRoot = new Map(crates.map((crate) => [crate.root, crate]))
  const names = projectNames(crates)
  const locks = readLocks(files, workspaces, byRoot)
  const lockOf = (crate: Crate): LockedWorkspace | undefined => locks.get(crate.workspace)
  const edges = edgesOf(crates, byRoot, lockOf)
  const graph = crateGraph(crates, edges)
  checkCycles(crates, graph)
  const shareOf = sharer(crates, graph)
  const listed = new Set(files.paths)
  const patches = new Map(
    workspaces.map((workspace) => [workspace, patchesOf(workspace, locks.get(workspace)?.lock, (file) => listed.has(file))]),
  )
  const slicers = new Map(
    [...locks].map(([workspace, locked]) => [
      workspace,
      slicer(locked, files.digest(locked.file), patches.get(workspace)?.byPackage ?? new Map()),
    ]),
  )
  const sources = binarySources(files.paths)
  const hasLibrary = (crate: Crate, binaries: readonly string[]): boolean =>
    binaries.length === 0 || crate.package.declaresLibrary || listed.has(fileIn(crate.root, 'src/lib.rs'))
  const surroundings = { manifests, crates: byRoot, reached: graph.reached }
  return {
    ecosystem: 'cargo',
    projects: crates.map((crate) => project(crate)),
    externals: externalsOf([...locks.values()]),
    ownFiles: OWN_FILES,
  }

  function project(crate: Crate): ReaderProject {
    const binaries = binariesOf(crate, sources)
    const kind = binaries.length > 0 ? 'application' : 'library'
    const locked = lockOf(crate)
    const name = names.get(crate.root) ?? crate.package.name
    const tags = ['lang:rust', `type:${kind}`, ...(crate.package.procMacro ? ['type:proc-macro'] : []), ...crate.package.tags]
    return {
      ecosystem: 'cargo',
      root: crate.root,
      name,
      manifest: crate.file,
      kind,
      tags: sortedUnique(tags),
      dependencies: edges.get(crate.root) ?? [],
      externals: ownExternals(crate, locked),
      lock: locked === undefined ? undefined : slice(crate, locked),
      targets: targetsOf(crate, {
        options,
        spec: packageSpec(crate, locked),
        binaries,
        library: hasLibrary(crate, binaries),
        project: name,
      }),
      outside: outsideOf(crate, surroundings),
    }
  }

  function slice(crate: Crate, locked: LockedWorkspace): LockedSlice {
    const { file } = crate.workspace
    const attributed = !isInside(file, crate.root)
    const reached = slicers.get(crate.workspace)?.(crate)
    const patched = [...(patches.get(crate.workspace)?.forAll ?? []), ...(reached?.patches ?? [])]
    const share = attributed ? shareOf(crate) : []
    return {
      complete: reached?.complete === true,
      file: locked.file,
      rootManifest: attributed ? file : undefined,
      packages: reached?.packages ?? [],
      manifestLines: attributed && patched.length > 0 ? sortedUnique([...share, ...patched]) : share,
    }
  }
}

function readLocks(
  files: WorkspaceFiles,
  workspaces: readonly Workspace[],
  crates: ReadonlyMap<string, Crate>,
): ReadonlyMap<Workspace, LockedWorkspace> {
  const cratesByName = new Map<string, Crate[]>()
  for (const crate of crates.values())
    cratesByName.set(crate.package.name, [...(cratesByName.get(crate.package.name) ?? []), crate])
  const found = workspaces.flatMap((workspace): [Workspace, LockedWorkspace][] => {
    const locked = lockedWorkspace(files, workspace, { crates, cratesByName })
    return locked === undefined ? [] : [[workspace, locked]]
  })
  return new Map(found)
}

function packageSpec(crate: Crate, locked: LockedWorkspace | undefined): string {
  const { name } = crate.package
  const same = locked?.lock.byName.get(name) ?? []
  return same.length > 1 && /^[\w.+-]+$/.test(crate.version) ? `${name}@${crate.version}` : name
}
