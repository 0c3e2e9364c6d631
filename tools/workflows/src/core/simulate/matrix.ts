import { isDeepStrictEqual } from 'node:util'
import { NotEvaluableError } from './expression.ts'

/** One machine of a job: the values of its matrix, in the order in which GitHub shows them. */
export interface Leg {
  readonly matrix: Readonly<Record<string, unknown>>
  readonly index: number
  readonly total: number
}

/** GitHub Actions starts no more jobs than this of one matrix. */
const MOST_LEGS = 256

type Values = Readonly<Record<string, unknown>>

/** The machines of a job; one without values where it has no matrix. Throws `NotEvaluableError` where GitHub refuses the matrix. */
export function legsOf(matrix: unknown): readonly Leg[] {
  const combinations = matrix === undefined ? [{}] : combine(matrix)
  if (combinations.length === 0) throw new NotEvaluableError('the matrix has no combination')
  if (combinations.length > MOST_LEGS) {
    throw new NotEvaluableError(`the matrix has ${combinations.length} combinations, and GitHub Actions takes ${MOST_LEGS}`)
  }
  return combinations.map((values, index) => ({ matrix: values, index, total: combinations.length }))
}

/** `job (1, linux)`, as GitHub names it. */
export function legName(job: string, { matrix }: Pick<Leg, 'matrix'>): string {
  const values = Object.values(matrix).map(valueText)
  return values.length === 0 ? job : `${job} (${values.join(', ')})`
}

/** The text of a value of a matrix, as it stands in a name. */
export function valueText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function combine(matrix: unknown): readonly Values[] {
  if (!isRecord(matrix)) throw new NotEvaluableError('the matrix is no mapping')
  const { include = [], exclude = [], ...vectors } = matrix
  const excluded = records('exclude', exclude)
  const original = Object.entries(vectors)
    .reduce<readonly Values[]>(
      (sofar, [key, values]) => {
        if (!Array.isArray(values)) throw new NotEvaluableError(`the value of matrix.${key} is no list`)
        if (values.length === 0) throw new NotEvaluableError(`the list matrix.${key} is empty`)
        return sofar.flatMap((each) => values.map((value: unknown) => ({ ...each, [key]: value })))
      },
      [{}],
    )
    .filter((each) => !excluded.some((pattern) => holds(each, pattern)))
  return included(Object.keys(vectors).length === 0 ? [] : original, records('include', include))
}

/** An entry goes to every combination of which it changes no value of the matrix itself, else it is one of its own. */
function included(original: readonly Values[], include: readonly Values[]): readonly Values[] {
  const all = original.map((values) => ({ values, own: values }))
  const added: Values[] = []
  for (const entry of include) {
    const fitting = all.filter(({ own }) =>
      Object.entries(entry).every(([key, value]) => !Object.hasOwn(own, key) || isDeepStrictEqual(own[key], value)),
    )
    for (const each of fitting) each.values = { ...each.values, ...entry }
    if (fitting.length === 0) added.push(entry)
  }
  return [...all.map(({ values }) => values), ...added]
}

function holds(values: unknown, pattern: unknown): boolean {
  if (!isRecord(pattern) || !isRecord(values)) return isDeepStrictEqual(values, pattern)
  return Object.entries(pattern).every(([key, value]) => Object.hasOwn(values, key) && holds(values[key], value))
}

function records(name: string, value: unknown): readonly Values[] {
  if (!Array.isArray(value) || !value.every(isRecord)) throw new NotEvaluableError(`matrix.${name} is no list of mappings`)
  return value
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
