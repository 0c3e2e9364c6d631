import type { Sandbox } from '../sandbox.ts'
import { blobsAtHead, blobsIn, projectDirectories } from './blobs.ts'
import { createCargoOracle } from './cargo.ts'
import { createPythonOracle } from './python.ts'

/** What decides one project's tests. */
export interface Fingerprint {
  readonly text: string
  /** Languages whose tools take part. */
  readonly languages: ReadonlySet<string>
}

/** Fingerprints by project directory. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>

/** Asks cargo, uv and git about the commit that is checked out. */
export function createOracle(sandbox: Sandbox): () => Promise<Fingerprints> {
  const cargo = createCargoOracle(sandbox)
  const python = createPythonOracle(sandbox)
  return async () => {
    const blobs = await blobsAtHead(sandbox)
    const [crates, packages] = await Promise.all([cargo(blobs), python(blobs)])
    const projects = projectDirectories(blobs)
    const all = new Map<string, Fingerprint>()
    for (const [directory, text] of crates) all.set(directory, { text, languages: new Set(['rust']) })
    for (const [directory, { text, reached }] of packages) {
      // A wheel is what its crate is; whoever needs the wheel needs the crate.
      const wheels = [directory, ...reached].flatMap((place) => crates.get(place) ?? [])
      const languages = new Set(['python', ...(wheels.length > 0 ? ['rust'] : [])])
      all.set(directory, { text: [text, ...wheels].join('\n'), languages })
    }
    for (const directory of projects) {
      if (all.has(directory) || !(await hasTests(sandbox, directory))) continue
      all.set(directory, { text: blobsIn(blobs, directory, projects).join('\n'), languages: new Set(['javascript']) })
    }
    return all
  }
}

/** Whether an npm package says how it is tested. */
async function hasTests(sandbox: Sandbox, directory: string): Promise<boolean> {
  const file = `${directory}/package.json`
  if (!(await sandbox.exists(file))) return false
  const { scripts } = JSON.parse(await sandbox.read(file)) as { readonly scripts?: Readonly<Record<string, string>> }
  return scripts?.['test'] !== undefined
}
