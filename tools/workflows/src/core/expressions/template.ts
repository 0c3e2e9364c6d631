/** A piece of a text in which expressions may stand. `at` is its offset in UTF-16 units. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  /** What stands between the braces, without the blanks around it. */
  | { readonly kind: 'expression'; readonly source: string; readonly at: number }
  /** Braces that nothing closes: GitHub Actions refuses the file. */
  | { readonly kind: 'unclosed'; readonly text: string; readonly at: number }

/** The pieces of `a ${{ b }} c`, as GitHub's parser finds them: two closing braces inside a quoted text close nothing. */
export function templateParts(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let from = 0
  while (from < text.length) {
    const open = text.indexOf('${{', from)
    if (open === -1) break
    if (open > from) parts.push({ kind: 'text', text: text.slice(from, open), at: from })
    const close = closingBraces(text, open + 3)
    if (close === undefined) return [...parts, { kind: 'unclosed', text: text.slice(open), at: open }]
    parts.push({ kind: 'expression', source: text.slice(open + 3, close).trim(), at: open })
    from = close + 2
  }
  return from < text.length ? [...parts, { kind: 'text', text: text.slice(from), at: from }] : parts
}

function closingBraces(text: string, from: number): number | undefined {
  let quoted = false
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted
    if (!quoted && text.startsWith('}}', at)) return at
  }
  return undefined
}
