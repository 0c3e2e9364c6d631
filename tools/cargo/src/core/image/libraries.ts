/** What the loader of this machine says a program needs. */
export interface Libraries {
  /** Absolute paths of the loader and of every shared library, sorted. */
  readonly found: readonly string[]
  /** Names of libraries that the loader does not find, sorted. */
  readonly missing: readonly string[]
}

/**
 * Reads what `ldd` printed for one program, in the C locale. It names nothing of a static program, and nothing of one for
 * another processor. The kernel's own library (`linux-vdso.so.1`) has no file and is left out.
 */
export function parseLdd(output: string): Libraries {
  const [found, missing] = [new Set<string>(), new Set<string>()]
  for (const line of output.split('\n')) {
    const [, absent] = /^\s*(\S+) => not found$/.exec(line) ?? []
    if (absent !== undefined) missing.add(absent)
    const [, path] = /^\s*(?:\S+ => )?(\/.*?) \(0x[0-9a-f]+\)$/.exec(line) ?? []
    if (path !== undefined) found.add(path)
  }
  return { found: [...found].sort(), missing: [...missing].sort() }
}

/** Folders that the loaders of the large distributions search when nothing tells them others. */
const SEARCHED = /^(?:\/usr)?\/lib(?:32|64|x32)?(?:\/[\w-]+-linux-\w+)?$/

/** The folders of libraries that a loader without the cache of this machine would not search, in order. */
export function unsearchedFolders(libraries: readonly string[]): string[] {
  const folders = libraries.map((path) => path.slice(0, path.lastIndexOf('/')))
  return [...new Set(folders)].filter((folder) => !SEARCHED.test(folder)).sort()
}
