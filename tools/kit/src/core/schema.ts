import { z } from 'zod'
import { InterlockError } from './error.ts'
import { pathText, problemsOf } from './problems.ts'

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>

export interface SchemaNames {
  /** `InterlockCargoBuild`: unique among the schemas of a package. */
  readonly id: string
  /** One line for `nx list` and editors. */
  readonly title: string
  readonly description?: string
}

/** The schema.json of an Nx executor. A default makes an option optional; unknown options are refused by a strict object. */
export function executorSchema(schema: z.ZodType, names: SchemaNames): JsonSchema {
  return nxSchema({ version: 2, outputCapture: 'direct-nodejs' }, schema, names)
}

/** The schema.json of an Nx generator. */
export function generatorSchema(schema: z.ZodType, names: SchemaNames): JsonSchema {
  return nxSchema({ cli: 'nx' }, schema, names)
}

/** The text of a schema.json: two spaces, a line feed at the end, the same for the same schema. */
export function schemaText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

/** What a value is and where it was written, for the error about it. */
export interface OptionsPlace {
  /** `the options of @interlock/nx:test` */
  readonly what: string
  readonly file?: string | undefined
  readonly hint?: string | undefined
}

/**
 * The value with every default filled in. Throws `InterlockError` (`CONFIG_INVALID`) that lists every problem with its
 * path, one a line.
 */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, value: unknown, place: OptionsPlace): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const lines = problemsOf(result.error).map((problem) => `  ${pathText(problem.path)}: ${problem.message}`)
  throw new InterlockError('CONFIG_INVALID', `${place.what} are not valid:\n${lines.join('\n')}`, {
    file: place.file,
    hint: place.hint,
  })
}

function nxSchema(kind: JsonSchema, schema: z.ZodType, names: SchemaNames): JsonSchema {
  const { $schema: _, title: _title, description, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })
  return {
    $schema: 'https://json-schema.org/schema',
    $id: names.id,
    ...kind,
    title: names.title,
    ...(names.description === undefined && description === undefined ? {} : { description: names.description ?? description }),
    ...json,
  }
}
