import { readFileSync } from 'node:fs'
import type { RefereeName } from '../../core/referees/types.ts'

/** Where a referee comes from, at the one version that is asked for. */
export interface Release {
  readonly version: string
  readonly registry: 'pypi' | 'go'
  readonly package: string
}

/** The versions of referees.json, which set-up installs as well. */
export function readReleases(): Readonly<Record<RefereeName, Release>> {
  const file = new URL('../../../referees.json', import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<RefereeName, Release>>
}

/** What a person types to install a referee. */
export function installCommand({ registry, package: name, version }: Release): string {
  return registry === 'go' ? `go install ${name}@v${version}` : `uv tool install ${name}==${version}`
}
