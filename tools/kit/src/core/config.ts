import { isMap, isNode, isScalar, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { InterlockError } from './error.ts'
import { knownKeys } from './known-keys.ts'
import { sortedUnique } from './order.ts'
import { lineColumn } from './place.ts'
import { pathText, problemsOf, type Problem } from './problems.ts'
import type { JsonSchema } from './schema.ts'
import { nearest } from './suggest.ts'

/** The file at the workspace's root that holds the intent that no manifest can say. */
export const CONFIG_FILE = 'interlock.yaml'

/** Every section that a package of Interlock reads: one package does not refuse what another one owns. */
const SECTION_NAMES: readonly string[] = ['cache', 'ci', 'graph']

/** The schema of each section, by its name. A section that is left out is parsed as `{}`. */
export type ConfigSections = Readonly<Record<string, z.ZodType>>

/** Every section, normalised by its schema. */
export type Config<Sections extends ConfigSections> = { readonly [Name in keyof Sections]: z.output<Sections[Name]> }

/**
 * Reads the text of interlock.yaml; `undefined` stands for a file that does not exist and gives the defaults.
 *
 * Throws `InterlockError` (`CONFIG_INVALID`) with `file:line:column` for what is not YAML, for a section that no package
 * has (with the name that was probably meant), and for every value that its section's schema refuses. Sections of other
 * packages are left to them.
 */
export function parseConfig<Sections extends ConfigSections>(text: string | undefined, sections: Sections): Config<Sections> {
  const source: Source = { text: text ?? '', document: parseDocument(text ?? '', { prettyErrors: false }) }
  const [broken] = source.document.errors
  if (broken !== undefined) throw invalidAt(source, broken.pos[0], `not valid YAML: ${broken.message.split('\n', 1)[0]}`)
  const written = sectionsOf(source)
  refuseUnknown(source, sortedUnique([...SECTION_NAMES, ...Object.keys(sections)]))

  const config: Record<string, unknown> = {}
  const problems: Problem[] = []
  for (const [name, schema] of Object.entries(sections)) {
    const result = schema.safeParse(written[name] ?? {})
    if (result.success) config[name] = result.data
    else
      problems.push(
        ...problemsOf(result.error).map((problem) => ({ path: [name, ...problem.path], message: saidOf(schema, problem) })),
      )
  }
  const [first] = problems
  if (first !== undefined) throw invalidAt(source, offsetOf(source.document, first.path), sayAll(source, problems))
  return config as Config<Sections>
}

/** The JSON Schema of the whole file, for editors. */
export function configSchema(sections: ConfigSections): JsonSchema {
  const whole = z.strictObject(Object.fromEntries(Object.entries(sections).map(([name, schema]) => [name, schema.optional()])))
  return { ...z.toJSONSchema(whole, { io: 'input', target: 'draft-7' }), title: CONFIG_FILE }
}

interface Source {
  readonly text: string
  readonly document: Document.Parsed
}

function sectionsOf(source: Source): Readonly<Record<string, unknown>> {
  const { contents } = source.document
  if (contents === null || (isScalar(contents) && contents.value === null)) return {}
  if (!isMap(contents)) throw invalidAt(source, 0, 'the file must hold sections, `name:` each')
  try {
    return source.document.toJS() as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw invalidAt(source, 0, `not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function refuseUnknown(source: Source, known: readonly string[]): void {
  const { contents } = source.document
  for (const { key } of isMap(contents) ? contents.items : []) {
    const name = isScalar(key) ? String(key.value) : String(key)
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    const hint = meant === undefined ? `the sections are ${known.join(', ')}` : `did you mean \`${meant}\`?`
    throw invalidAt(source, isNode(key) ? (key.range?.[0] ?? 0) : 0, { message: `there is no section \`${name}\``, hint })
  }
}

/** The message, with the key that was probably meant. */
function saidOf(schema: z.ZodType, { path, message, unknownKey }: Problem): string {
  const meant = unknownKey === true ? nearest(String(path.at(-1)), knownKeys(schema, path.slice(0, -1))) : undefined
  return meant === undefined ? message : `${message}; did you mean \`${meant}\`?`
}

function sayAll(source: Source, problems: readonly Problem[]): string {
  const say = ({ path, message }: Problem): string => `${pathText(path)}: ${message}`
  const [only, ...more] = problems
  if (only !== undefined && more.length === 0) return say(only)
  const lines = problems.map((problem) => `  ${lineColumn(source.text, offsetOf(source.document, problem.path))} ${say(problem)}`)
  return `${problems.length} values are not valid:\n${lines.join('\n')}`
}

/** Where the value at a path is written; a value that is missing is looked for in what would hold it. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function invalidAt(
  source: Source,
  offset: number,
  problem: string | { readonly message: string; readonly hint: string },
): InterlockError {
  const { message, hint } = typeof problem === 'string' ? { message: problem, hint: undefined } : problem
  return new InterlockError('CONFIG_INVALID', message, { file: `${CONFIG_FILE}:${lineColumn(source.text, offset)}`, hint })
}
