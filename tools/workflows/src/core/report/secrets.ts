import type { SecretSpec } from '../pipeline/section.ts'

/** A secret of an environment: GitHub shows its name and its age, and its value to nobody. */
export interface StoredSecret {
  readonly name: string
  /** Milliseconds. */
  readonly updatedAt: number
}

/** What is known of the secrets of one environment. */
export type StoredSecrets =
  | { readonly kind: 'known'; readonly secrets: readonly StoredSecret[] }
  | { readonly kind: 'unknown'; readonly reason: string }

export interface SecretVerdict {
  readonly name: string
  readonly environment: string
  readonly owner: string
  readonly state: 'fresh' | 'old' | 'missing' | 'not checked'
  readonly sentence: string
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Compares the inventory of interlock.yaml with what GitHub has, at the time `now` in milliseconds. */
export function judgeSecrets(
  inventory: readonly SecretSpec[],
  stored: ReadonlyMap<string, StoredSecrets>,
  now: number,
): SecretVerdict[] {
  return inventory.map((spec) => {
    const { name, environment, owner } = spec
    const known = stored.get(environment) ?? { kind: 'unknown', reason: 'nobody asked' }
    if (known.kind === 'unknown') return { name, environment, owner, state: 'not checked', sentence: known.reason }
    const found = known.secrets.find((secret) => secret.name.toUpperCase() === name)
    return { name, environment, owner, ...stateOf(spec, found, now) }
  })
}

function stateOf(
  { environment, owner, maxAgeDays }: SecretSpec,
  found: StoredSecret | undefined,
  now: number,
): Pick<SecretVerdict, 'state' | 'sentence'> {
  if (found === undefined) return { state: 'missing', sentence: `is not in the environment ${environment}: ${owner} puts it in` }
  const days = Math.floor((now - found.updatedAt) / DAY_MS)
  if (days <= maxAgeDays) return { state: 'fresh', sentence: `${days} of ${maxAgeDays} days old` }
  return { state: 'old', sentence: `${days} days old, and ${maxAgeDays} is the most: ${owner} renews it` }
}
