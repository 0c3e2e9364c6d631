import type { JavaScriptProject } from './model.ts'

const PLUGIN_PACKAGE = '@interlock/nx'

/** The directories of the plugin and of the workspace packages that it stands on, where this workspace is its home. */
export function pluginRoots(projects: readonly JavaScriptProject[]): string[] {
  const byName = new Map(projects.map((project) => [project.name ?? '', project]))
  const found = new Set<JavaScriptProject>()
  const open = [byName.get(PLUGIN_PACKAGE)]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue
    found.add(next)
    for (const name of next.dependencies) {
      const project = byName.get(name)
      if (project !== undefined) open.push(project)
    }
  }
  return [...found].map((project) => project.root).sort()
}
