import { MARKER } from './model/tree.ts'

/** How one file differs from what the pipeline says. */
export interface Drift {
  readonly file: string
  /** `foreign`: written by hand where a generated file would be; never overwritten. */
  readonly kind: 'missing' | 'changed' | 'orphan' | 'foreign'
}

/**
 * Compares what is there with what the pipeline says, by path. `present` are the files in the generated folders. A
 * hand-written workflow that is in nobody's way is no drift.
 */
export function driftOf(expected: Readonly<Record<string, string>>, present: Readonly<Record<string, string>>): Drift[] {
  const wanted = Object.entries(expected).flatMap(([file, text]): Drift[] => {
    const found = present[file]
    if (found === undefined) return [{ file, kind: 'missing' }]
    if (found === text) return []
    return [{ file, kind: found.startsWith(MARKER) ? 'changed' : 'foreign' }]
  })
  const orphans = Object.entries(present)
    .filter(([file, text]) => text.startsWith(MARKER) && !Object.hasOwn(expected, file))
    .map(([file]): Drift => ({ file, kind: 'orphan' }))
  return [...wanted, ...orphans]
}

const SENTENCES: Readonly<Record<Drift['kind'], string>> = {
  missing: 'is missing',
  changed: 'is not what the pipeline says',
  orphan: 'is generated, and the pipeline has it no more',
  foreign: 'is written by hand, and the pipeline has a file of that name',
}

export function sentenceOf({ file, kind }: Drift): string {
  return `${file} ${SENTENCES[kind]}`
}
