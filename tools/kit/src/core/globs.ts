import * as loaded from 'picomatch'

type Picomatch = (globs: string | readonly string[], options: { readonly dot: boolean }) => (path: string) => boolean

// Nx loads TypeScript through swc where Node cannot, and without a tsconfig.json that it can read, swc gives a CommonJS
// module itself where ESM has a default export. May go when Node 20 does.
const picomatch: Picomatch = typeof loaded.default === 'function' ? loaded.default : (loaded as unknown as Picomatch)

/** A predicate over paths; `*` matches a leading dot, as it does in Nx. */
export function globMatcher(globs: string | readonly string[]): (path: string) => boolean {
  const matches = picomatch(globs, { dot: true })
  return (path) => matches(path)
}
