type Environment = Readonly<Record<string, string | undefined>>

export interface Annotation {
  readonly title: string
  readonly message: string
  /** The place beside which it is shown. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number }
}

/** A message as GitHub Actions shows it on the page of the run, one line; nothing anywhere else. */
export function annotation(env: Environment, kind: 'error' | 'warning', { title, message, place }: Annotation): string[] {
  if (env['GITHUB_ACTIONS'] !== 'true') return []
  const where = place === undefined ? '' : `file=${property(place.file)},line=${place.line},col=${place.column},`
  return [`::${kind} ${where}title=${property(title)}::${data(message)}`]
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
