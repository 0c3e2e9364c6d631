/**
 * Whether a project's configuration takes files of other projects by their names: `{"input": "default", "projects": […]}`.
 * Nx says nothing of a name that is no project any more, so such a target cannot be left to notice it.
 */
export function namesProjects(configuration: unknown): boolean {
  if (typeof configuration !== 'object' || configuration === null) return false
  if (!Array.isArray(configuration) && 'input' in configuration && 'projects' in configuration) return true
  return Object.values(configuration).some(namesProjects)
}
