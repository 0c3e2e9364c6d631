import { data, Evaluator, ExpressionError, Lexer, Parser } from '@actions/expressions'
import { type TemplatePart, templateParts } from '../expressions/template.ts'
import { Context, dataOf, plainOf, UnknownValueError } from './context-data.ts'

/** A function that expressions may call beside those that GitHub Actions always has. */
export interface ExpressionFunction {
  readonly name: string
  readonly minArgs: number
  readonly maxArgs: number
  readonly call: (...args: readonly data.ExpressionData[]) => data.ExpressionData
}

/** What an expression may name at its place: any other name is an error, as on GitHub. */
export interface Scope {
  readonly contexts: Readonly<Record<string, unknown>>
  readonly functions?: readonly ExpressionFunction[]
}

/** An expression that has no value here: GitHub would end the job, and so does the simulation. */
export class NotEvaluableError extends Error {
  override readonly name = 'NotEvaluableError'
}

/** The value of an expression without its braces. Throws `NotEvaluableError`. */
export function evaluate(source: string, scope: Scope): unknown {
  return plainOf(evaluated(source, scope))
}

/** A text with every expression in it replaced. Throws `NotEvaluableError`. */
export function interpolate(text: string, scope: Scope): string {
  return templateParts(text)
    .map((part) => (part.kind === 'text' ? part.text : evaluated(sourceOf(part), scope).coerceString()))
    .join('')
}

/** Each text of a record interpolated. */
export function interpolateAll(texts: Readonly<Record<string, string>>, scope: Scope): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolate(text, scope)]))
}

/** The value of a text that is one expression as a whole, else the text with its expressions replaced. */
export function valueOf(text: string, scope: Scope): unknown {
  const parts = templateParts(text.trim())
  const [only] = parts
  return parts.length === 1 && only !== undefined && only.kind !== 'text'
    ? evaluate(sourceOf(only), scope)
    : interpolate(text, scope)
}

/** A value of YAML in which texts may hold expressions. */
export function deepValueOf(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return valueOf(value, scope)
  if (Array.isArray(value)) return value.map((item: unknown) => deepValueOf(item, scope))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deepValueOf(item, scope)]))
}

/** Whether something is true for GitHub Actions: not false, 0, the empty text or nothing. */
export function isTruthy(value: unknown): boolean {
  return !(value === false || value === 0 || Number.isNaN(value) || value === '' || value === null || value === undefined)
}

/** What a condition came to. `statusNamed`: it calls success(), failure(), cancelled() or always() itself. */
export interface Condition {
  readonly holds: boolean
  readonly statusNamed: boolean
}

const STATUS_FUNCTIONS: ReadonlySet<string> = new Set(['success', 'failure', 'cancelled', 'always'])

/**
 * Evaluates an `if`: without a status function in it, it holds only where `success()` does. A text around braces makes the
 * condition a text, which is always true. Throws `NotEvaluableError`.
 */
export function evaluateCondition(text: string | undefined, scope: Scope): Condition {
  const condition = text?.trim() ?? ''
  const parts = templateParts(condition)
  const sources = parts.some(({ kind }) => kind !== 'text')
    ? parts.flatMap((part) => (part.kind === 'text' ? [] : [sourceOf(part)]))
    : [condition]
  const statusNamed = sources.some(callsStatusFunction)
  if (!statusNamed && !isTruthy(evaluate('success()', scope))) return { holds: false, statusNamed }
  if (condition === '') return { holds: true, statusNamed }
  const [only] = parts
  const value = parts.length === 1 && only?.kind === 'text' ? evaluate(condition, scope) : valueOf(condition, scope)
  return { holds: isTruthy(value), statusNamed }
}

function callsStatusFunction(source: string): boolean {
  const { tokens } = lexed(source)
  return tokens.some(({ lexeme }, index) => STATUS_FUNCTIONS.has(lexeme.toLowerCase()) && tokens[index + 1]?.lexeme === '(')
}

function evaluated(source: string, { contexts, functions = [] }: Scope): data.ExpressionData {
  try {
    const known = Object.keys(contexts)
    const expression = new Parser(lexed(source).tokens, known, functions.map(infoOf)).parse()
    const context = new Context(Object.entries(contexts).map(([key, value]) => ({ key, value: dataOf(value) })))
    const definitions = new Map(functions.map((each) => [each.name.toLowerCase(), { ...infoOf(each), call: each.call }]))
    // The library gives nothing at all for an index below zero; GitHub gives null.
    const value: data.ExpressionData | undefined = new Evaluator(expression, context, definitions).evaluate()
    return value ?? new data.Null()
  } catch (cause) {
    if (cause instanceof NotEvaluableError) throw cause
    throw new NotEvaluableError(`${reasonOf(cause)} in the expression ${source}`, { cause })
  }
}

function infoOf({ name, minArgs, maxArgs }: ExpressionFunction): Omit<ExpressionFunction, 'call'> {
  return { name, minArgs, maxArgs }
}

function lexed(source: string): ReturnType<Lexer['lex']> {
  try {
    return new Lexer(source).lex()
  } catch (cause) {
    throw new NotEvaluableError(`${reasonOf(cause)} in the expression ${source}`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof UnknownValueError || cause instanceof ExpressionError) return cause.message
  return cause instanceof Error ? cause.message.replace(/^./u, (letter) => letter.toLowerCase()) : 'no value'
}

function sourceOf(part: Exclude<TemplatePart, { kind: 'text' }>): string {
  if (part.kind === 'unclosed') throw new NotEvaluableError(`braces that nothing closes: ${part.text}`)
  return part.source
}
