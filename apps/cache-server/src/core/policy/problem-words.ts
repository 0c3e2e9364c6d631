import { nearest, type Problem } from '@interlock/kit'
import type { z } from 'zod'

/** What is said of a value that is not there. */
const MISSING = 'is missing'

/** Says of a value what it has to be; `undefined` leaves it to the schema's own words. */
export function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? MISSING : `has to be ${KINDS[issue.expected] ?? issue.expected}`
  }
  if (issue.code === 'invalid_value') return choice(issue.values, issue.input)
  if (issue.code === 'invalid_union' && Array.isArray(issue['options']) && issue.discriminator !== undefined) {
    const { [issue.discriminator]: found } = issue.input as Readonly<Record<string, unknown>>
    return choice(issue['options'] as readonly string[], found)
  }
  if (issue.code === 'too_small' && issue.origin === 'number') return `is smaller than ${issue.minimum}`
  return issue.code === 'too_big' && issue.origin === 'number' ? `is larger than ${issue.maximum}` : undefined
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  record: 'keys with values',
  string: 'a text',
}

function choice(values: readonly unknown[], found: unknown): string {
  if (found === undefined) return MISSING
  const texts = values.map(String)
  const meant = typeof found === 'string' ? nearest(found, texts) : undefined
  return `has to be one of ${texts.join(', ')}${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`
}

/**
 * Problems in the order of the file, so that a cause comes before what follows from it: what is missing because its key is
 * misspelt stands behind that key.
 */
export function inOrder(problems: readonly Problem[], offsetOf: (path: Problem['path']) => number): readonly Problem[] {
  const placed = problems.map((problem) => ({ problem, offset: offsetOf((misspelt(problem, problems) ?? problem).path) }))
  const rank = ({ unknownKey }: Problem): number => (unknownKey === true ? 0 : 1)
  return placed
    .sort((left, right) => left.offset - right.offset || rank(left.problem) - rank(right.problem))
    .map(({ problem }) => problem)
}

/** The key that was written in place of one that is missing. */
function misspelt({ path, message }: Problem, problems: readonly Problem[]): Problem | undefined {
  if (message !== MISSING) return undefined
  const parent = JSON.stringify(path.slice(0, -1))
  const siblings = problems.filter((other) => other.unknownKey === true && JSON.stringify(other.path.slice(0, -1)) === parent)
  return siblings.find((other) => nearest(String(other.path.at(-1)), [String(path.at(-1))]) !== undefined)
}
