import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { lineColumn } from './place.ts'

/** Nested deeper than this, Nx's own JSON reader gives up without a word. */
const MAX_DEPTH = 100

export type StrictJson =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | {
      readonly ok: false
      /** The file with `:line:column` when they are known. */
      readonly file: string
      /** One line that says what is wrong. */
      readonly reason: string
    }

/**
 * Reads a JSON object that every reader understands alike: no comments, no trailing commas, no byte order mark, no key
 * twice in one object at any level, no number beyond a double, no unpaired surrogate. Never throws.
 */
export function strictJsonObject(text: string, file: string): StrictJson {
  try {
    const problem = firstProblem(text)
    if (problem !== undefined) {
      return { ok: false, file: `${file}:${lineColumn(text, problem.offset)}`, reason: problem.reason }
    }
    const value: unknown = JSON.parse(text)
    if (!isRecord(value)) return { ok: false, file, reason: 'the document is not an object' }
    return { ok: true, value }
  } catch (error) {
    return { ok: false, file, reason: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) }
  }
}

interface Problem {
  readonly reason: string
  readonly offset: number
}

function firstProblem(text: string): Problem | undefined {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false })
  const [error] = errors
  if (error !== undefined) return { reason: wordsOf(error), offset: error.offset }
  return root === undefined ? { reason: 'value expected', offset: 0 } : problemIn(root, 1)
}

function problemIn(node: Node, depth: number): Problem | undefined {
  const { offset } = node
  if (depth > MAX_DEPTH) return { reason: `nested deeper than ${MAX_DEPTH} levels`, offset }
  if (node.type === 'number' && !Number.isFinite(node.value)) return { reason: 'the number is too large', offset }
  if (node.type === 'string' && /\p{Surrogate}/u.test(String(node.value)))
    return { reason: 'the string holds an unpaired surrogate', offset }
  const keys = new Set<string>()
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const key = String(child.children?.[0]?.value)
      if (keys.has(key)) return { reason: `the key ${JSON.stringify(key)} is there twice`, offset: child.offset }
      keys.add(key)
    }
    const problem = problemIn(child, node.type === 'property' ? depth : depth + 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** `CloseBraceExpected` → `close brace expected`. */
function wordsOf(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase()
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
