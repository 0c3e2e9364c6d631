/**
 * The one file that imports Nx internals. They are not versioned by name, so whatever moves in an Nx release moves here.
 */
import {
  buildPackageJsonPatterns,
  buildPackageJsonWorkspacesMatcher,
  findMatchingProjects,
  globWithWorkspaceContext,
  nxVersion as installed,
} from '@nx/devkit/internal'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError } from './core/error.ts'

const OLDEST_MAJOR = 24

/** The version of the Nx that runs. */
export function nxVersion(): string {
  return installed
}

/**
 * Throws `NX_TOO_OLD` before Nx 24: earlier versions select projects, not tasks by their inputs, and would miss a change
 * of a slice without a word.
 */
export function assertNxSupported(version: string = installed): void {
  if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return
  throw new InterlockError('NX_TOO_OLD', `Nx ${version} does not select tasks by their inputs`, {
    hint: `install nx ${OLDEST_MAJOR} or later: npm install --save-dev --save-exact nx@${OLDEST_MAJOR}`,
  })
}

/** Names of the projects that `--projects` or `--exclude` choose with these patterns. */
export function matchingProjects(
  patterns: readonly string[],
  nodes: Parameters<typeof findMatchingProjects>[1],
): readonly string[] {
  return findMatchingProjects([...patterns], nodes)
}

/** The files that Nx knows in the workspace and that match one of the globs. */
export async function listedFiles(workspaceRoot: string, globs: readonly string[]): Promise<readonly string[]> {
  return globWithWorkspaceContext(workspaceRoot, [...globs])
}

/**
 * Nx's answer to which package.json files belong to the workspace of npm, yarn, pnpm or bun. `read` gives the text of a file
 * of the workspace; pnpm's own file is always that on disk.
 */
export function workspacePackages(
  workspaceRoot: string,
  read: (path: string) => string = (path) => readFileSync(join(workspaceRoot, path), 'utf8'),
): (packageJson: string) => boolean {
  const readJson = (path: string): never => JSON.parse(read(path)) as never
  return buildPackageJsonWorkspacesMatcher(buildPackageJsonPatterns(workspaceRoot, readJson))
}
