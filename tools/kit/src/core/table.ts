/** Rows of text as lines, each column as wide as its widest cell. A `rule` is a line of dashes under every column. */
export function alignedRows(rows: readonly (readonly string[] | 'rule')[]): string[] {
  const written = rows.filter((row) => row !== 'rule')
  const columns = Math.max(0, ...written.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) => Math.max(...written.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    (row === 'rule' ? widths.map((width) => '-'.repeat(width)) : row)
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
