import { readFileSync } from 'node:fs'
import { z } from 'zod'

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0]

/** One operation of GitHub's REST API, as GitHub publishes it. */
interface Operation {
  readonly parameters: readonly Parameter[]
  readonly body?: JsonSchema
  readonly status: number
  readonly answer: JsonSchema
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required?: boolean
  readonly schema: { readonly type: 'string' | 'integer'; readonly enum?: readonly string[] }
}

interface Description {
  /** `GET /repos/{owner}/{repo}` */
  readonly operations: Readonly<Record<string, Operation>>
  /** Inputs of GraphQL's mutations, by their names. */
  readonly mutations: Readonly<Record<string, JsonSchema>>
}

const DESCRIPTION = JSON.parse(readFileSync(new URL('fixtures/github-operations.json', import.meta.url), 'utf8')) as Description

/** A request that GitHub documents, or the status and the words with which it is refused. */
export type Match =
  | { readonly ok: true; readonly id: string; readonly path: Readonly<Record<string, string>>; readonly query: URLSearchParams }
  | { readonly ok: false; readonly status: number; readonly message: string }

/** Finds the operation of a request and holds its parameters and its body against the description. */
export function matchOperation(method: string, address: URL, body: unknown): Match {
  for (const [id, operation] of Object.entries(DESCRIPTION.operations)) {
    const path = pathValues(id, `${method} ${address.pathname}`)
    if (path === undefined) continue
    const wrong = wrongParameter(operation, path, address.searchParams)
    if (wrong !== undefined) return { ok: false, status: 422, message: `Validation Failed: ${wrong}` }
    if (operation.body === undefined && body !== undefined) return { ok: false, status: 422, message: 'a body is not taken' }
    if (operation.body !== undefined && !matches(operation.body, body)) {
      return { ok: false, status: 422, message: `Invalid request: ${JSON.stringify(body)}` }
    }
    return { ok: true, id, path, query: address.searchParams }
  }
  return { ok: false, status: 404, message: 'Not Found' }
}

/** The status of the documented answer. Throws where the answer is not what GitHub documents. */
export function expectAnswer(id: string, answer: unknown): number {
  const operation = DESCRIPTION.operations[id]
  if (operation === undefined) throw new Error(`no operation ${id}`)
  schemaOf(operation.answer).parse(answer)
  return operation.status
}

/** Whether a mutation exists and takes the input. */
export function takesInput(mutation: string, input: unknown): boolean {
  const schema = Object.hasOwn(DESCRIPTION.mutations, mutation) ? DESCRIPTION.mutations[mutation] : undefined
  return schema !== undefined && matches(schema, input)
}

function matches(schema: JsonSchema, value: unknown): boolean {
  return schemaOf(schema).safeParse(value).success
}

function schemaOf(schema: JsonSchema): z.ZodType {
  return z.fromJSONSchema(schema, { defaultTarget: 'openapi-3.0' })
}

function pathValues(id: string, request: string): Readonly<Record<string, string>> | undefined {
  const pattern = id.replace(/\{(\w+)\}/gu, '(?<$1>[^/]+)')
  const groups = new RegExp(`^${pattern}$`, 'u').exec(request)?.groups
  if (groups === undefined) return id === request ? {} : undefined
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]))
}

function wrongParameter(
  { parameters }: Operation,
  path: Readonly<Record<string, string>>,
  query: URLSearchParams,
): string | undefined {
  const unknown = [...query.keys()].find((name) => !parameters.some((known) => known.in === 'query' && known.name === name))
  if (unknown !== undefined) return unknown
  return parameters.find(({ name, in: place, required, schema }) => {
    const value = place === 'path' ? path[name] : (query.get(name) ?? undefined)
    if (value === undefined) return required === true
    return schema.type === 'integer' ? !/^\d+$/u.test(value) : schema.enum?.includes(value) === false
  })?.name
}
