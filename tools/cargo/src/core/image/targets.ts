import { InterlockError, stringAt, type TargetPlan } from '@interlock/kit'
import type { Crate } from '../model.ts'

/** What the targets of a crate have in common. */
export type CommonPlan = Pick<TargetPlan, 'cwd' | 'env' | 'tests' | 'reads' | 'outputs' | 'cache' | 'dependsOn'>

const FOLDER = 'dist/{projectName}/image'

/** `image`, and `test-image` where the manifest says what to ask; none where it wants no image. Throws for an unclear binary. */
export function imageTargets(crate: Crate, binaries: readonly string[], common: CommonPlan): Record<string, TargetPlan> {
  const { image } = crate.package
  if (image === undefined) return {}
  const name = binaryOf(crate, binaries)
  // Libraries and certificates are this machine's: a result is good for no other.
  const uncached = { ...common, command: [], cache: false }
  const plans: Record<string, TargetPlan> = {
    image: {
      ...uncached,
      description: 'Builds an OCI image layout of the binary',
      executor: {
        name: 'cargo-image',
        options: {
          program: `dist/{projectName}/${name}`,
          outputPath: FOLDER,
          name,
          version: crate.version,
          ...given('description', textOf(crate, 'description')),
          ...given('licences', textOf(crate, 'license')),
          arguments: image.arguments,
          ports: image.ports,
        },
      },
      outputs: [`{workspaceRoot}/${FOLDER}`],
      dependsOn: ['build'],
    },
  }
  if (image.try === undefined) return plans
  const options = { image: FOLDER, arguments: image.try.arguments, path: image.try.path }
  const executor = { name: 'cargo-image-try', options } as const
  return {
    ...plans,
    'test-image': {
      ...uncached,
      description: 'Starts the image’s program in its root file system and asks it',
      executor,
      dependsOn: ['image'],
    },
  }
}

function binaryOf({ package: { image }, file }: Crate, binaries: readonly string[]): string {
  const named = image?.binary
  const [only] = binaries
  if (named === undefined && only !== undefined && binaries.length === 1) return only
  if (named !== undefined && binaries.includes(named)) return named
  const reason = named === undefined ? 'does not say of which binary' : `names ${JSON.stringify(named)}, which is no binary`
  throw new InterlockError('CARGO_MANIFEST_UNREADABLE', `\`package.metadata.interlock.image\` ${reason}`, {
    file,
    hint: binaries.length === 0 ? 'only a package with a binary has an image' : `\`binary\` is one of ${binaries.join(', ')}`,
  })
}

/** A text of the package, its own or inherited. */
function textOf({ manifest, package: { inherits }, workspace }: Crate, key: string): string | undefined {
  if (inherits.includes(key)) return stringAt(workspace.manifest.table, ['workspace', 'package', key])
  return stringAt(manifest.table, ['package', key])
}

function given(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value }
}
