import { InterlockError, knownKeys, lineColumn, nearest, pathText, type Problem, problemsOf } from '@interlock/kit'
import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml'
import { inOrder, wordsOf } from './problem-words.ts'
import { type Policy, policySchema } from './schema.ts'

/** A policy, and where its parts are written. */
export interface PlacedPolicy {
  readonly policy: Policy
  /** `policy.yaml:3:5` of the value, or of the key, at a path; of what would hold it when it is not there. */
  readonly placeOf: (path: readonly (string | number)[]) => string
}

/** A policy is read by people; what is larger was not written by one. */
const LONGEST = 1024 * 1024

/**
 * Reads the text of a policy file. Throws `CACHE_POLICY_INVALID` with the place of the first problem, and every problem with
 * its place in the message.
 */
export function parsePolicy(text: string, file: string): PlacedPolicy {
  if (text.length > LONGEST) throw invalid(file, `the policy is longer than ${LONGEST} characters`)
  const document = read(text, file)
  const placeOf = (path: readonly (string | number)[]): string => `${file}:${lineColumn(text, offsetOf(document, path))}`
  const result = policySchema.safeParse(valueOf(document, file), { error: wordsOf })
  const problems = result.success ? twins(result.data) : problemsOf(result.error)
  if (result.success && problems.length === 0) return { policy: result.data, placeOf }

  const lines = inOrder(problems, (path) => offsetOf(document, path)).map(({ path, message, unknownKey }) => {
    const meant = unknownKey === true ? nearest(String(path.at(-1)), knownKeys(policySchema, path.slice(0, -1))) : undefined
    const said = `${pathText(path)}: ${message}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`
    return { place: placeOf(path), said }
  })
  const [first = { place: file, said: 'not valid' }, ...more] = lines
  const message =
    more.length === 0
      ? first.said
      : [`${lines.length} values are not valid:`, ...lines.map(({ place, said }) => `  ${place} ${said}`)].join('\n')
  throw new InterlockError('CACHE_POLICY_INVALID', message, { file: first.place })
}

function read(text: string, file: string): Document.Parsed {
  const document = parsed(text, file)
  const [first, ...more] = document.errors.map(({ pos, message }) => ({
    place: `${file}:${lineColumn(text, pos[0])}`,
    said: message.split('\n', 1)[0] ?? '',
  }))
  if (first === undefined) return document
  const message =
    more.length === 0
      ? `not valid YAML: ${first.said}`
      : ['not valid YAML:', ...[first, ...more].map(({ place, said }) => `  ${place} ${said}`)].join('\n')
  throw new InterlockError('CACHE_POLICY_INVALID', message, { file: first.place })
}

function parsed(text: string, file: string): Document.Parsed {
  try {
    return parseDocument(text, { logLevel: 'error', prettyErrors: false })
  } catch (cause) {
    // The parser calls itself for every level and knows no limit.
    if (cause instanceof RangeError) throw invalid(file, 'not valid YAML: values nest too deep', cause)
    throw cause
  }
}

function valueOf(document: Document.Parsed, file: string): unknown {
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) throw invalid(file, 'the policy is empty')
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw invalid(file, `not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

/** Names that stand for two things: audit lines and scopes could not tell them apart. */
function twins(policy: Policy): readonly Problem[] {
  return Object.entries(policy.workspaces).flatMap(([name, { issuers, tokens, admins, trusted }]) => {
    const at = ['workspaces', name]
    const rules = issuers.flatMap((issuer, index) =>
      issuer.rules.map(({ id }, rule) => ({ name: id, path: [...at, 'issuers', index, 'rules', rule, 'id'] })),
    )
    const named = (list: readonly { readonly name: string }[], key: string): Named[] =>
      list.map((item, index) => ({ name: item.name, path: [...at, key, index, ...(key === 'issuers' ? [] : ['name'])] }))
    const branches = Object.entries(trusted).map(([scope, branch]) => ({ name: branch, path: [...at, 'trusted', scope] }))
    return [rules, named(issuers, 'issuers'), named(tokens, 'tokens'), named(admins, 'admins'), branches].flatMap(repeated)
  })
}

interface Named {
  readonly name: string
  readonly path: readonly (string | number)[]
}

function repeated(all: readonly Named[]): readonly Problem[] {
  const seen = new Set<string>()
  return all.flatMap(({ name, path }) => {
    if (seen.has(name)) return [{ path, message: `"${name}" stands here twice` }]
    seen.add(name)
    return []
  })
}

/** Where a value is written: an unknown key at the key, a missing value at what would hold it. */
function offsetOf(document: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const inner = path.slice(0, length)
    const parent: unknown = length === 1 ? document.contents : document.getIn(inner.slice(0, -1), true)
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(inner.at(-1)))
      : undefined
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0]
    const node = document.getIn(inner, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function invalid(file: string, message: string, cause?: unknown): InterlockError {
  return new InterlockError('CACHE_POLICY_INVALID', message, { file, cause })
}
