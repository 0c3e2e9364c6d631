/**
 * The table of error codes, read from the source that defines it.
 *
 * @param {string} source text of `tools/kit/src/core/error-codes.ts`
 * @returns {string} Markdown
 */
export function errorPage(source) {
  const exits = Object.fromEntries([...source.matchAll(/^ {2}(\w+): (\d),$/gm)].map(([, name, status]) => [name, status]))
  const classes = Object.fromEntries(
    [...source.matchAll(/^ {2}(\w+): \{ exit: EXIT\.(\w+), retryable: (true|false) \},$/gm)].map(
      ([, name = '', exit = '', retryable]) => [name, { retryable, status: exits[exit] }],
    ),
  )
  const rows = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): '(\w+)',$/gm)].map(([, name, kind = '']) => {
    const found = classes[kind]
    if (found?.status === undefined) throw new Error(`error-codes.ts: ${name} has the unknown class ${kind}`)
    return `| \`${name}\` | ${found.status} | ${found.retryable === 'true' ? 'yes' : 'no'} |`
  })
  if (rows.length === 0) throw new Error('error-codes.ts: no error code was found, so its layout must have changed')
  return `# Errors

Every error says what failed, where and why, then a blank line and \`hint:\` with what to do. The exit status belongs to the \`interlock\` command; behind \`nx run\` the shell sees 1.

| Status | Meaning |
|---|---|
| 0 | done |
| 1 | the check says no |
| 2 | usage or configuration |
| 3 | inconclusive: run again |
| 4 | conflict |
| 5 | refused by a gate |
| 6 | environment unfit |

| Code | Exit status | Can a retry help? |
|---|---|---|
${rows.join('\n')}
`
}
