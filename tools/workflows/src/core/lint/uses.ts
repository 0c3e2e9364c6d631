/** What a `uses` names. */
export type Uses =
  /** `./path`, or `$/path`: of this repository. */
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'docker'; readonly image: string }
  | { readonly kind: 'repository'; readonly repository: string; readonly path: string; readonly ref: string }
  | { readonly kind: 'unknown' }

export function usesOf(text: string): Uses {
  if (/^(?:\.\.?|\$)\//u.test(text)) return { kind: 'local', path: text }
  if (text.startsWith('docker://')) return { kind: 'docker', image: text.slice('docker://'.length) }
  // Whatever has this shape is judged; of any other GitHub's parser says that it is none.
  const match = /^([^/@]+\/[^/@]+)((?:\/[^@]*)?)@(.+)$/su.exec(text)
  if (match === null) return { kind: 'unknown' }
  const [, repository = '', path = '', ref = ''] = match
  return { kind: 'repository', repository, path: path.replace(/^\//u, ''), ref }
}

export const SHA: RegExp = /^[0-9a-f]{40}$/iu

/** Whether a `uses` names this action, whatever version; GitHub does not tell upper case from lower. */
export function isAction(uses: Uses | undefined, ...repositories: readonly string[]): boolean {
  return uses?.kind === 'repository' && repositories.includes(uses.repository.toLowerCase())
}

/** `[4, 1]` of `v4.1.2`; `undefined` for what is no version. */
export function versionOf(text: string): readonly number[] | undefined {
  const match = /(?:^|[\s@=/])v?(\d+(?:\.\d+)*)/u.exec(text)
  return match?.[1]?.split('.').map(Number)
}
