import { stringAt, valueAt } from '@interlock/kit'
import type { Manifests } from './manifests.ts'
import type { Crate, Manifest, PackageSection, ResolvedDependency, Workspace } from './model.ts'
import { fileIn } from './paths.ts'
import { problem } from './problem.ts'
import { directoryOf } from './workspaces.ts'

/** The packages of a workspace, with what they inherit filled in. Throws `CARGO_WORKSPACE_INVALID` where nothing is there to inherit. */
export function cratesOf(manifests: Manifests, workspace: Workspace): Crate[] {
  return workspace.members.map((root) => {
    const manifest = manifests.get(root) as Manifest
    const section = manifest.package as PackageSection
    const file = fileIn(root, 'Cargo.toml')
    for (const key of section.inherits)
      if (valueAt(workspace.manifest.table, ['workspace', 'package', key]) === undefined) throw missing(key, 'package')
    if (section.inheritsLints && valueAt(workspace.manifest.table, ['workspace', 'lints']) === undefined) throw missing('lints')
    const inherited = section.inherits.includes('version')
      ? stringAt(workspace.manifest.table, ['workspace', 'package', 'version'])
      : undefined
    const version = section.version ?? inherited ?? '0.0.0'
    return {
      root,
      file,
      manifest,
      package: section,
      version,
      workspace,
      dependencies: manifest.dependencies.map((one) => inherit(one)),
    }

    function inherit(dependency: Manifest['dependencies'][number]): ResolvedDependency {
      const shared = workspace.manifest.workspace
      const entry = dependency.inherited ? shared?.dependencies.get(dependency.key) : dependency
      if (entry === undefined) throw missing(dependency.key, 'dependencies')
      const directory = directoryOf(dependency, { directory: root, root: workspace.root, section: shared })
      const { key, kind, inherited } = dependency
      return { key, kind, inherited, name: entry.name, path: entry.path, requirement: entry.requirement, directory }
    }

    function missing(key: string, table?: string): Error {
      const path = ['workspace', ...(table === undefined ? [] : [table]), key].join('.')
      return problem(manifests.files, {
        code: 'CARGO_WORKSPACE_INVALID',
        message: `inherits \`${path}\`, which ${workspace.file} does not define`,
        file,
        at: key,
        hint: `add \`${path}\` to ${workspace.file}, or write the value here`,
      })
    }
  })
}
