import { InterlockError, knownKeys, lineColumn, nearest, pathText, type Problem, problemsOf } from '@interlock/kit'
import { offsetOf, readYaml, type YamlProblem, type YamlText } from '../yaml.ts'
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
  const { document, value } = read(text, file)
  const placeOf = (path: readonly (string | number)[]): string => `${file}:${lineColumn(text, offsetOf(document, path))}`
  const result = policySchema.safeParse(value, { error: wordsOf })
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

function read(text: string, file: string): Extract<YamlText, { kind: 'value' }> {
  const found = readYaml(text)
  if (found.kind === 'broken') throw notYaml(text, file, found.problems)
  if (found.value === null) throw invalid(file, 'the policy is empty')
  return found
}

function notYaml(text: string, file: string, problems: readonly YamlProblem[]): InterlockError {
  const lines = problems.map(({ offset, said }) => ({
    place: offset === undefined ? file : `${file}:${lineColumn(text, offset)}`,
    said,
  }))
  const [first = { place: file, said: '' }, ...more] = lines
  const message =
    more.length === 0
      ? `not valid YAML: ${first.said}`
      : ['not valid YAML:', ...lines.map(({ place, said }) => `  ${place} ${said}`)].join('\n')
  return invalid(first.place, message)
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

function invalid(file: string, message: string): InterlockError {
  return new InterlockError('CACHE_POLICY_INVALID', message, { file })
}
