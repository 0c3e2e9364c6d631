import { MARKER } from './model/tree.ts'

/** How one file differs from what the pipeline says. */
export interface Drift {
  readonly file: string
  /**
   * `foreign`: written by hand where a generated file would be; never overwritten. `unlisted`: a workflow that is written by
   * hand, which nobody has said to want beside the generated ones.
   */
  readonly kind: 'missing' | 'changed' | 'orphan' | 'foreign' | 'unlisted'
}

/** What is compared, by path. */
export interface Compared {
  readonly expected: Readonly<Record<string, string>>
  /** Every file in the generated folders. */
  readonly present: Readonly<Record<string, string>>
  /** Names of workflows that are meant to be written by hand. */
  readonly handwritten: readonly string[]
}

/** Compares what is there with what the pipeline says. */
export function driftOf({ expected, present, handwritten }: Compared): Drift[] {
  const wanted = Object.entries(expected).flatMap(([file, text]): Drift[] => {
    const found = present[file]
    if (found === undefined) return [{ file, kind: 'missing' }]
    if (found === text) return []
    return [{ file, kind: found.startsWith(MARKER) ? 'changed' : 'foreign' }]
  })
  const orphans = Object.entries(present)
    .filter(([file, text]) => text.startsWith(MARKER) && !Object.hasOwn(expected, file))
    .map(([file]): Drift => ({ file, kind: 'orphan' }))
  const unlisted = Object.entries(present)
    .filter(([file, text]) => isWorkflow(file) && !text.startsWith(MARKER) && !Object.hasOwn(expected, file))
    .filter(([file]) => !handwritten.includes(file.slice(WORKFLOWS.length)))
    .map(([file]): Drift => ({ file, kind: 'unlisted' }))
  return [...wanted, ...orphans, ...unlisted]
}

const WORKFLOWS = '.github/workflows/'

/** GitHub reads no folder below the one of the workflows. */
function isWorkflow(file: string): boolean {
  return file.startsWith(WORKFLOWS) && !file.slice(WORKFLOWS.length).includes('/')
}

const SENTENCES: Readonly<Record<Drift['kind'], string>> = {
  missing: 'is missing',
  changed: 'is not what the pipeline says',
  orphan: 'is generated, and the pipeline has it no more',
  foreign: 'is written by hand, and the pipeline has a file of that name',
  unlisted: 'is written by hand, and `ci.handwritten` of interlock.yaml does not name it',
}

/** What a person can do about it, where nothing is written for them; `undefined` for what a generation mends. */
export function remedyOf(kind: Drift['kind']): string | undefined {
  if (kind === 'foreign') return 'rename what is written by hand, or remove it: it is never overwritten'
  if (kind === 'unlisted')
    return 'name it in `ci.handwritten` of interlock.yaml, or remove it; "npx interlock ci adopt" says what replaces it'
  return undefined
}

export function sentenceOf({ file, kind }: Drift): string {
  return `${file} ${SENTENCES[kind]}`
}
