import { bytesOf, type QuotaLimits } from './limits.ts'
import type { Owner, Totals } from './usage.ts'

/** What the medium has left; `undefined` where nobody can know. */
export interface Room {
  readonly bytes: number
  readonly files: number
}

export interface AdmissionRequest {
  readonly limits: QuotaLimits
  /** What is stored, together with what is on its way in. */
  readonly usage: Totals
  /** Bytes on their way in that the medium may not have counted yet. */
  readonly inFlight: number
  readonly free: Room | undefined
  readonly owner: Owner
  readonly size: number
}

export type AdmissionDecision =
  | { readonly kind: 'fits' }
  /** There will be room once something has gone; when nothing can go, it is refused for this reason. */
  | { readonly kind: 'evict'; readonly otherwise: Refusal }
  /** It can never fit. */
  | { readonly kind: 'refused'; readonly reason: Refusal }

/** `quota`: the scope or its class takes all it may. `no-space`: the store or the medium is full. */
export type Refusal = 'no-space' | 'quota'

/** Whether bytes may come in. The bounds of scope, class and store hold at every moment, those of water only between evictions. */
export function admission({ limits, usage, inFlight, free, owner, size }: AdmissionRequest): AdmissionDecision {
  const { maxBytes, classes, spare } = limits
  const { share, scopeShare } = classes[owner.scopeClass]
  if (size > maxBytes) return { kind: 'refused', reason: 'no-space' }
  if (size > bytesOf(limits, scopeShare)) return { kind: 'refused', reason: 'quota' }
  const isWithinShares =
    usage.ofScope(owner) + size <= bytesOf(limits, scopeShare) && usage.ofClass(owner.scopeClass) + size <= bytesOf(limits, share)
  if (!isWithinShares) return { kind: 'evict', otherwise: 'quota' }
  const hasRoom = free === undefined || (free.bytes - inFlight - size >= spare.bytes && free.files >= spare.files)
  if (!hasRoom || usage.total() + size > maxBytes) return { kind: 'evict', otherwise: 'no-space' }
  return { kind: 'fits' }
}
