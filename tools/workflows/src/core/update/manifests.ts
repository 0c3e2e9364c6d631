/**
 * The files that an update of an ecosystem may change, by the name that branches of Dependabot give it. Workflows
 * (`github_actions`) are not here: they are generated, and two people review them.
 */
const MANIFESTS: ReadonlyMap<string, RegExp> = new Map([
  ['cargo', /^Cargo\.(?:toml|lock)$/u],
  [
    'npm_and_yarn',
    /^(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml)$/u,
  ],
  ['uv', /^(?:pyproject\.toml|uv\.lock)$/u],
  ['pip', /^(?:pyproject\.toml|poetry\.lock|Pipfile|Pipfile\.lock|requirements[\w.-]*\.(?:txt|in|lock))$/u],
  ['docker', /^(?:Dockerfile|Dockerfile\.[\w.-]+|[\w.-]+\.Dockerfile)$/u],
])

export function isKnownEcosystem(ecosystem: string): boolean {
  return MANIFESTS.has(ecosystem)
}

/** Whether a file is a manifest or a lock of the ecosystem, by its name, in any folder but those that GitHub reads. */
export function isManifest(ecosystem: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return !isOfGithub(path) && (MANIFESTS.get(ecosystem)?.test(name) ?? false)
}

/** Whether a file says what runs on GitHub. */
export function isOfGithub(path: string): boolean {
  return path.toLowerCase().startsWith('.github/')
}
