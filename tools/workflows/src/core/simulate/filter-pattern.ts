/**
 * Whether a name passes a list of GitHub's filter patterns: `*` is all but a slash, `**` is all, `?` and `+` repeat what is
 * before them, `[]` is one of its characters, and a pattern that begins with `!` takes away what those before it gave.
 */
export function passesPatterns(name: string, patterns: readonly string[]): boolean {
  let passes = false
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!')
    if (patternMatcher(negative ? pattern.slice(1) : pattern).test(name)) passes = !negative
  }
  return passes
}

function patternMatcher(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const rest = pattern.slice(at)
    const range = /^\[[^\]]+\]/u.exec(rest)?.[0]
    if (range !== undefined) {
      source += `[${range.slice(1, -1).replace(/[\\^[]/gu, String.raw`\$&`)}]`
      at += range.length - 1
    } else if (rest.startsWith('**/')) {
      source += '(?:.*/)?'
      at += 2
    } else if (rest.startsWith('**')) {
      source += '.*'
      at += 1
    } else if (rest.startsWith('*')) source += '[^/]*'
    else if (rest.startsWith('\\') && rest.length > 1) {
      source += escaped(rest.slice(1, 2))
      at += 1
    } else if ((rest.startsWith('?') || rest.startsWith('+')) && at > 0) source += rest.slice(0, 1)
    else source += escaped(rest.slice(0, 1))
  }
  return new RegExp(`^(?:${source})$`, 'su')
}

function escaped(character: string): string {
  return /[\^$\\.*+?()[\]{}|]/u.test(character) ? `\\${character}` : character
}
