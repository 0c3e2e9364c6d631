type Environment = Readonly<Record<string, string | undefined>>

export interface Annotation {
  readonly title: string
  readonly message: string
}

/** A message as GitHub Actions shows it on the page of the run, one line; nothing anywhere else. */
export function annotation(env: Environment, kind: 'error' | 'warning', { title, message }: Annotation): string[] {
  return env['GITHUB_ACTIONS'] === 'true' ? [`::${kind} title=${property(title)}::${data(message)}`] : []
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
