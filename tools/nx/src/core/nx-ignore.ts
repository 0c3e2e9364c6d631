import { posix } from 'node:path'
import { byText } from '@interlock/kit'
import ignore from 'ignore'

/** Where Nx looks for patterns of files that it shall not see, in the syntax of `.gitignore`; in any folder. */
export const NX_IGNORE = '.nxignore'

/**
 * Tells which files Nx certainly does not list because of `.nxignore`. `texts` are those files by path.
 *
 * To take a file out that Nx lists would hide a lock or a project; the other way round only makes more run. So a file in a
 * folder that brings anything back (`!`) is left out by that file alone, not by those above it.
 */
export function nxIgnore(texts: ReadonlyMap<string, string>): (path: string) => boolean {
  const deepestFirst = [...texts]
    .map(([path, text]) => {
      const folder = posix.dirname(path)
      const patterns = ignore({ ignorecase: false }).add(text)
      return { prefix: folder === '.' ? '' : `${folder}/`, patterns, bringsBack: /^\s*!/m.test(text) }
    })
    .sort((left, right) => byText(right.prefix, left.prefix))
  return (path) => {
    for (const { prefix, patterns, bringsBack } of deepestFirst) {
      if (!path.startsWith(prefix)) continue
      if (patterns.ignores(path.slice(prefix.length))) return true
      if (bringsBack) return false
    }
    return false
  }
}
