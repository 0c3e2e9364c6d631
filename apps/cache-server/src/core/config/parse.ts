import { InterlockError, knownKeys, lineColumn, nearest, pathText, type Problem, problemsOf } from '@interlock/kit'
import { type Document, isMap } from 'yaml'
import { z } from 'zod'
import { offsetOf, readYaml } from '../yaml.ts'
import type { FromEnvironment } from './environment.ts'
import { type ServerConfig, serverConfigSchema } from './server-config.ts'

export interface ConfigSource {
  /** Name of the file, for messages; absent when there is none. */
  readonly file: string | undefined
  readonly text: string
  readonly environment: FromEnvironment
  /** What holds where neither says anything. */
  readonly defaults: Readonly<Record<string, unknown>>
}

/**
 * The configuration of a server: the file, and the environment above it.
 *
 * @throws InterlockError `CONFIG_INVALID` that names every problem with its line and column, or its variable.
 */
export function parseServerConfig(source: ConfigSource): ServerConfig {
  const found = readYaml(source.text)
  if (found.kind === 'broken') {
    const [{ offset = 0, said } = { said: '' }] = found.problems
    throw invalid(source, [`${at(source, offset)} not valid YAML: ${said}`])
  }
  const { document, value } = found
  if (value !== null && !isMap(document.contents)) throw invalid(source, ['1:1 the file must hold options, `name: value` each'])
  const merged = mergedOf(source, value)
  const result = serverConfigSchema.safeParse(merged)
  const problems = [
    ...source.environment.problems,
    ...(result.success ? [] : problemsOf(result.error).map((problem) => say(source, document, problem))),
  ]
  if (problems.length > 0 || !result.success) throw invalid(source, problems)
  return result.data
}

/** The JSON Schema of the file, for editors. */
export function serverConfigJsonSchema(): Readonly<Record<string, unknown>> {
  return { ...z.toJSONSchema(serverConfigSchema, { io: 'input', target: 'draft-7' }), title: 'cache-server.yaml' }
}

type Tree = { [name: string]: unknown }

function mergedOf({ environment, defaults }: ConfigSource, written: unknown): unknown {
  const merged: Tree = { ...defaults, ...(written as Tree | null) }
  for (const { path, value } of environment.values) put(merged, path, value)
  return merged
}

function put(tree: Tree, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const below = tree[name]
  const copy: Tree = typeof below === 'object' && below !== null && !Array.isArray(below) ? { ...(below as Tree) } : {}
  put(copy, rest, value)
  tree[name] = copy
}

/** Where it is written, which value, and what is wrong with it. */
function say(source: ConfigSource, document: Document.Parsed, { path, message, unknownKey }: Problem): string {
  const meant = unknownKey === true ? nearest(String(path.at(-1)), knownKeys(serverConfigSchema, path.slice(0, -1))) : undefined
  const what = `${pathText(path)}: ${message}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`
  const variable = source.environment.values.find((value) => value.path.join('.') === path.join('.'))
  if (variable !== undefined) return `${variable.name}: ${what}`
  return source.file === undefined ? what : `${at(source, offsetOf(document, path))} ${what}`
}

function at({ text }: ConfigSource, offset: number): string {
  return lineColumn(text, offset)
}

function invalid({ file }: ConfigSource, problems: readonly string[]): InterlockError {
  const [only] = problems
  const message =
    problems.length === 1
      ? `not valid: ${only}`
      : `${problems.length} values are not valid:\n${problems.map((line) => `  ${line}`).join('\n')}`
  return new InterlockError('CONFIG_INVALID', message, {
    file,
    hint: 'interlock cache serve --schema prints what the file may hold',
  })
}
