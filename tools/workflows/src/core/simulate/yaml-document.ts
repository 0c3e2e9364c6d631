import { InterlockError, nearest } from '@interlock/kit'
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** A file that GitHub Actions reads, by the path that errors name. */
export interface SourceFile {
  readonly file: string
  readonly text: string
}

type Path = readonly PropertyKey[]

/**
 * Reads a YAML file by its schema.
 *
 * @throws InterlockError `CONFIG_INVALID` with `file:line:column` of the first fault, and every fault in its text.
 */
export function parseYamlFile<Schema extends z.ZodType>(source: SourceFile, schema: Schema): z.output<Schema> {
  const lines = new LineCounter()
  const document = parseDocument(source.text, { prettyErrors: false, lineCounter: lines })
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const [broken] = document.errors
  if (broken !== undefined) {
    throw invalid(source.file, placeAt(broken.pos[0]), { message: `not valid YAML: ${broken.message.split('\n', 1)[0]}` })
  }
  const result = schema.safeParse(valueOf(document, source.file))
  if (result.success) return result.data
  const faults = result.error.issues
    .flatMap(flatIssues)
    .map((issue) => ({ ...issue, place: placeAt(offsetOf(document, issue.path)) }))
  const [first] = faults
  const message =
    faults.length === 1 ? sentence(first) : `${faults.length} values are not valid:\n${faults.map(listed).join('\n')}`
  throw invalid(source.file, first?.place ?? '1:1', { message, hint: first?.hint })
}

interface Fault {
  readonly path: Path
  readonly message: string
  readonly hint?: string | undefined
}

/** An unknown key is a fault of that key; of the alternatives of a union, the one that came furthest is told. */
function flatIssues(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is a key that is not simulated' }))
  }
  if (issue.code === 'invalid_key') return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }]
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.flat().sort((left, right) => right.path.length - left.path.length)[0]
    if (deepest !== undefined && deepest.path.length > 0) {
      return flatIssues({ ...deepest, path: [...issue.path, ...deepest.path] })
    }
  }
  return [{ path: issue.path, message: issue.message }]
}

function sentence(fault: Fault | undefined): string {
  return fault === undefined ? 'is not valid' : `${pathText(fault.path)}: ${fault.message}`
}

function listed(fault: Fault & { readonly place: string }): string {
  return `  ${fault.place} ${sentence(fault)}`
}

function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return text === '' ? '(all)' : text.replace(/^\./u, '')
}

/** Aliases that would fill the memory end here, as an error of the file. */
function valueOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', `cannot be read: ${(cause as Error).message.split('\n', 1)[0]}`, { file, cause })
  }
}

/** Where the value at a path is written, or the key; a value that is missing is looked for in what would hold it. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[length - 1]))
      if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function invalid(
  file: string,
  place: string,
  { message, hint }: { readonly message: string; readonly hint?: string | undefined },
): InterlockError {
  return new InterlockError('CONFIG_INVALID', message, { file: `${file}:${place}`, hint })
}

/** An error about a value that the schema cannot judge, with the name that was probably meant. */
export function unknownName(
  file: string,
  message: string,
  { name, known }: { name: string; known: readonly string[] },
): InterlockError {
  const meant = nearest(name, known)
  return new InterlockError('CONFIG_INVALID', message, { file, hint: meant === undefined ? undefined : `did you mean ${meant}?` })
}
