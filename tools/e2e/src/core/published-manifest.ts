/**
 * How a package's manifests change on their way into a tarball: in the repository Nx and Node read TypeScript source,
 * in `node_modules` they read `dist/`.
 */

/** A JSON object as it was parsed. */
export type Json = { readonly [key: string]: unknown }

/** The export condition that stands for TypeScript source inside this repository. */
export const SOURCE_CONDITION = '@interlock/source'

/** `package.json` of the tarball: no source condition, nothing that only a developer of the package needs. */
export function publishedManifest(manifest: Json): Json {
  const { devDependencies: _devDependencies, scripts: _scripts, nx: _nx, exports, ...rest } = manifest
  return exports === undefined ? rest : { ...rest, exports: withoutSource(exports) }
}

/** `executors.json` or `generators.json` of the tarball: every `implementation` in `src/` points to its `dist/` counterpart. */
export function publishedCollection(collection: Json): Json {
  return Object.fromEntries(Object.entries(collection).map(([key, value]) => [key, publishedEntry(key, value)]))
}

function publishedEntry(key: string, value: unknown): unknown {
  if ((key === 'implementation' || key === 'factory') && typeof value === 'string') return builtPath(value)
  if (isObject(value)) return publishedCollection(value)
  return value
}

/** `./src/a/b.ts#name` → `./dist/a/b.js#name`; anything else stays. */
export function builtPath(path: string): string {
  return path.replace(/^\.\/src\/(.+)\.ts(#.*)?$/, './dist/$1.js$2')
}

function withoutSource(exports: unknown): unknown {
  if (!isObject(exports)) return exports
  return Object.fromEntries(
    Object.entries(exports)
      .filter(([condition]) => condition !== SOURCE_CONDITION)
      .map(([condition, target]) => [condition, withoutSource(target)]),
  )
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
