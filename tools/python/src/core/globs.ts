import * as loaded from 'picomatch'

type Picomatch = (glob: string, options: { readonly dot: boolean }) => (path: string) => boolean

// Nx loads TypeScript through swc where Node cannot, and without a tsconfig.json that it can read, swc gives a CommonJS
// module itself where ESM has a default export. May go when Node 20 does.
const picomatch: Picomatch = typeof loaded.default === 'function' ? loaded.default : (loaded as unknown as Picomatch)

/** A predicate over the paths of member directories; `*` matches a leading dot. */
export function globMatcher(glob: string): (path: string) => boolean {
  const matches = picomatch(glob, { dot: true })
  return (path) => matches(path)
}
