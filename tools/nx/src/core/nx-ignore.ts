import { posix } from 'node:path'
import ignore from 'ignore'

/** Where Nx looks for patterns of files that it shall not see, in the syntax of `.gitignore`; in any folder. */
export const NX_IGNORE = '.nxignore'

/**
 * Tells which files Nx does not list because of `.nxignore`. `texts` are those files by path. A pattern with `!` takes back
 * only what its own file leaves out.
 */
export function nxIgnore(texts: ReadonlyMap<string, string>): (path: string) => boolean {
  const rules = [...texts].map(([path, text]) => {
    const folder = posix.dirname(path)
    return { prefix: folder === '.' ? '' : `${folder}/`, patterns: ignore().add(text) }
  })
  return (path) => rules.some(({ prefix, patterns }) => path.startsWith(prefix) && patterns.ignores(path.slice(prefix.length)))
}
