import type { Reason } from '@interlock/cache/wire'
import type { Grant } from '../../core/access.ts'
import type { Parts } from './parts.ts'

export type Authorized =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly reason: Extract<Reason, 'expired' | 'unknown-token'> }

/** Whether the bearer of a request may do anything here; what that is, the grant says. */
export async function authorize(
  { authority, metrics }: Pick<Parts, 'authority' | 'metrics'>,
  authorization: string | undefined,
  workspace: string | undefined,
): Promise<Authorized> {
  const authentication = await authority.authenticate(authorization, workspace)
  if (authentication.kind === 'granted') return authentication
  const isExpired = authentication.kind === 'expired'
  metrics.denied(isExpired ? 'expired' : 'unknown')
  return { kind: 'refused', reason: isExpired ? 'expired' : 'unknown-token' }
}
