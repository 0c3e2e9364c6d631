import { Lexer } from 'yaml'

/** A comment without its `#`. */
export interface Comment {
  /** From 1. */
  readonly line: number
  /** From 1: that of the `#`. */
  readonly column: number
  readonly text: string
  /** Whether nothing but blanks stands before it on its line. */
  readonly alone: boolean
}

/** Tokens that mark something and stand for no character of the text. */
const MARKS = new Set(['\u0002', '\u0018', '\u001F'])
/** After this one comes the text of a scalar, which may begin like a comment. */
const SCALAR = '\u001F'

/** Every comment of a YAML text, by line. A `#` inside a scalar is none. */
export function commentsOf(text: string): ReadonlyMap<number, Comment> {
  const comments = new Map<number, Comment>()
  let line = 1
  let before = ''
  let scalar = false
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) {
      scalar = token === SCALAR
      continue
    }
    if (!scalar && token.startsWith('#')) {
      const comment = token.replace(/\r$/u, '').slice(1)
      comments.set(line, { line, column: before.length + 1, text: comment.trim(), alone: before.trim() === '' })
    }
    scalar = false
    const lines = token.split('\n')
    line += lines.length - 1
    before = lines.length === 1 ? before + token : (lines.at(-1) ?? '')
  }
  return comments
}
