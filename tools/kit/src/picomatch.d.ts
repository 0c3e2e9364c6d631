declare module 'picomatch' {
  /** Compiles globs to a predicate over paths. */
  export default function picomatch(
    globs: string | readonly string[],
    options?: { readonly dot?: boolean },
  ): (path: string) => boolean
}
