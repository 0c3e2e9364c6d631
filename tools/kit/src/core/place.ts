/** `line:column`, both from 1, of an offset in a text. A column counts UTF-16 code units. */
export function lineColumn(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return `${before.split('\n').length}:${offset - lineStart + 1}`
}
