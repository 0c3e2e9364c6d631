import type { Sandbox } from './sandbox.ts'

/** Path → blob id of every committed file. */
export type Blobs = ReadonlyMap<string, string>

export function blobsAtHead(sandbox: Sandbox): Blobs {
  const entries = sandbox.run('git', ['ls-tree', '-r', '-z', 'HEAD']).split('\0').filter(Boolean)
  return new Map(
    entries.map((entry) => {
      const [meta = '', path = ''] = entry.split('\t')
      return [path, meta.split(' ')[2] ?? '']
    }),
  )
}

/** The files of one directory, without those of directories nested in it that are projects of their own. */
export function blobsIn(blobs: Blobs, directory: string, projects: readonly string[]): string[] {
  const nested = projects.filter((other) => other !== directory && other.startsWith(`${directory}/`))
  return [...blobs]
    .filter(([path]) => path.startsWith(`${directory}/`) && !nested.some((other) => path.startsWith(`${other}/`)))
    .map(([path, blob]) => `${path} ${blob}`)
    .sort()
}
