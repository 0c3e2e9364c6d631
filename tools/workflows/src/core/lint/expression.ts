import { Lexer, Parser, wellKnownFunctions } from '@actions/expressions'
import {
  Binary,
  ContextAccess,
  type Expr,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Logical,
  Star,
  Unary,
} from '@actions/expressions/ast'

/** An expression of GitHub Actions as a tree. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: unknown }
  /** `github.event.commits.0.message`: lower case; `*` for every key that is not written out, which is in `of`. */
  | { readonly kind: 'reference'; readonly path: string; readonly of: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Expression[] }
  | { readonly kind: 'operator'; readonly operator: string; readonly of: readonly Expression[] }
  /** A part of what a call returns. */
  | { readonly kind: 'part'; readonly of: readonly Expression[] }

const CONTEXTS = ['env', 'github', 'inputs', 'job', 'jobs', 'matrix', 'needs', 'runner', 'secrets', 'steps', 'strategy', 'vars']
const MANY = Number.MAX_SAFE_INTEGER
const FUNCTIONS = [
  ...Object.values(wellKnownFunctions),
  ...['always', 'cancelled', 'case', 'failure', 'hashFiles', 'success'].map((name) => ({ name, minArgs: 0, maxArgs: MANY })),
]

/** GitHub refuses a longer one. */
const LONGEST = 21_000
/** No text that a person has written nests its parts like this. */
const DEEPEST = 1000

/** The tree of an expression; `undefined` for one that GitHub's parser refuses, which it says itself. */
export function parseExpression(source: string): Expression | undefined {
  if (source.length > LONGEST) return undefined
  try {
    return treeOf(new Parser(new Lexer(source).lex().tokens, CONTEXTS, FUNCTIONS).parse())
  } catch {
    return undefined
  }
}

/** An expression and everything below it. */
export function* withinExpression(expression: Expression): Generator<Expression> {
  yield expression
  if ('of' in expression) for (const inner of expression.of) yield* withinExpression(inner)
}

/** What an expression reads: `github.head_ref`, `secrets.token`. */
export function referencesOf(source: string): readonly string[] {
  const expression = parseExpression(source)
  if (expression === undefined) return []
  return [...withinExpression(expression)].flatMap((inner) => (inner.kind === 'reference' ? [inner.path] : []))
}

function treeOf(node: Expr, depth = 0): Expression {
  if (depth > DEEPEST) throw new RangeError('an expression nests too deeply')
  const inner = (part: Expr): Expression => treeOf(part, depth + 1)
  if (node instanceof Grouping) return inner(node.group)
  if (node instanceof Literal) return { kind: 'literal', value: (node.literal as { readonly value?: unknown }).value ?? null }
  if (node instanceof ContextAccess) return { kind: 'reference', path: node.name.lexeme.toLowerCase(), of: [] }
  if (node instanceof IndexAccess) return indexOf(inner(node.expr), node.index instanceof Star ? undefined : inner(node.index))
  if (node instanceof FunctionCall)
    return { kind: 'call', name: node.functionName.lexeme.toLowerCase(), of: node.args.map(inner) }
  if (node instanceof Unary) return { kind: 'operator', operator: node.operator.lexeme, of: [inner(node.expr)] }
  if (node instanceof Binary)
    return { kind: 'operator', operator: node.operator.lexeme, of: [inner(node.left), inner(node.right)] }
  if (node instanceof Logical) return { kind: 'operator', operator: node.operator.lexeme, of: node.args.map(inner) }
  throw new Error('an expression has a part that is not known')
}

function indexOf(target: Expression, key: Expression | undefined): Expression {
  if (target.kind !== 'reference') return { kind: 'part', of: key === undefined ? [target] : [target, key] }
  if (key?.kind === 'literal') return { ...target, path: `${target.path}.${String(key.value).toLowerCase()}` }
  return { kind: 'reference', path: `${target.path}.*`, of: key === undefined ? target.of : [...target.of, key] }
}
