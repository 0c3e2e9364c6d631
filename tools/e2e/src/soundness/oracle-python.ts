import { blobsIn, type Blobs } from './blobs.ts'
import type { Sandbox } from './sandbox.ts'

/**
 * What decides the tests of each Python package, told by uv itself: project name → text that differs when they must run
 * again. `uv export --package` prints the locked packages that the member reaches (hashes and markers included) and one
 * `-e ./directory` line per workspace member.
 */
export function pythonFingerprints(sandbox: Sandbox, blobs: Blobs): Map<string, string> {
  const members = pythonMembers(blobs, (path) => sandbox.read(path))
  const directories = [...members.values()]
  return new Map(
    [...members].map(([name]) => {
      const exported = sandbox.run('uv', [
        'export',
        '--frozen',
        '--package',
        name,
        '--all-extras',
        '--all-groups',
        '--no-header',
        '--no-annotate',
      ])
      const lines = exported.split('\n').map((line) => line.trim())
      const reached = lines.flatMap((line) => /^-e \.\/(.*)$/.exec(line)?.[1]?.split(' ')[0] ?? [])
      return [name, [...lines, ...reached.flatMap((directory) => blobsIn(blobs, directory, directories))].join('\n')]
    }),
  )
}

/** Name → directory of every committed `packages/*` member. */
export function pythonMembers(blobs: Blobs, read: (path: string) => string): Map<string, string> {
  const manifests = [...blobs.keys()].filter((path) => /^packages\/[^/]+\/pyproject\.toml$/.test(path))
  return new Map(manifests.map((path) => [/^name = "(.*)"$/m.exec(read(path))?.[1] ?? path, path.replace('/pyproject.toml', '')]))
}
