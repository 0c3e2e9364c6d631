/** What a scope of a rule stands for. */
export type ScopePattern =
  /** `trusted/main` */
  | { readonly kind: 'trusted'; readonly name: string }
  /** `trusted/{base_ref}` */
  | { readonly kind: 'base' }
  /** `pr/{ref}` */
  | { readonly kind: 'own'; readonly scopeClass: 'branch' | 'pr' | 'queue' }

/** Reads a scope of a rule; `undefined` for what the policy has no meaning for. */
export function patternOf(text: string): ScopePattern | undefined {
  const { scopeClass = '', name = '' } = /^(?<scopeClass>[a-z]+)\/(?<name>.+)$/u.exec(text)?.groups ?? {}
  if (scopeClass === 'trusted') {
    if (name === '{base_ref}') return { kind: 'base' }
    return /^[a-z0-9_.-]+$/u.test(name) ? { kind: 'trusted', name } : undefined
  }
  if (name !== '{ref}') return undefined
  return scopeClass === 'branch' || scopeClass === 'pr' || scopeClass === 'queue' ? { kind: 'own', scopeClass } : undefined
}
