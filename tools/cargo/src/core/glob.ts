/** Whether a member has characters that Cargo's globs read: there are no braces and no escapes. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern)
}

/** The directories that a glob of `workspace.members` matches. As in Cargo, `*` also matches a leading dot and no slash. */
export function globMatcher(pattern: string): (path: string) => boolean {
  const source = pattern.split('/').map((part) => (part === '**' ? undefined : component(part)))
  let text = ''
  source.forEach((part, index) => {
    const last = index === source.length - 1
    if (part === undefined) text += last ? '.*' : '(?:[^/]+/)*'
    else text += last ? part : `${part}/`
  })
  const regex = new RegExp(`^${text}$`, 'u')
  return (path) => regex.test(path)
}

function component(part: string): string {
  let text = ''
  for (let index = 0; index < part.length; index += 1) {
    const character = part[index] ?? ''
    const close = character === '[' ? part.indexOf(']', index + 2) : -1
    if (close > 0) {
      const set = part.slice(index + 1, close)
      const negated = set.startsWith('!')
      text += `[${negated ? '^/' : ''}${(negated ? set.slice(1) : set).replaceAll(/[\\\]^[]/g, String.raw`\$&`)}]`
      index = close
    } else if (character === '*') text += '[^/]*'
    else if (character === '?') text += '[^/]'
    else text += character.replaceAll(/[\\^$.|+(){}[\]/]/g, String.raw`\$&`)
  }
  return text
}
