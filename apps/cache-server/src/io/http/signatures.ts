import { signedText } from '@interlock/cache/wire'
import type { Signer } from '../../core/access.ts'
import type { Entry } from '../../core/entry.ts'

/** What a server does with its signing key; without one nothing is signed, and nothing asked for. */
export interface Signatures {
  /** The entry with its signature. */
  readonly signed: (entry: Entry) => Entry
  readonly judge: (entry: Entry) => 'genuine' | 'unsigned' | 'wrong'
}

const REMEMBERED = 20_000

/** A signature that was checked once is remembered: a check costs more than the rest of a small answer. */
export function createSignatures(signer: Signer | undefined): Signatures {
  if (signer === undefined) return { signed: (entry) => entry, judge: () => 'genuine' }
  const genuine = new Set<string>()
  return {
    signed: (entry) => ({ ...entry, signature: signer.sign(entry) }),
    judge: (entry) => {
      const { signature } = entry
      if (signature === undefined) return 'unsigned'
      const memo = `${signature}\n${signedText(entry)}`
      if (genuine.has(memo)) return 'genuine'
      if (!signer.verify(entry, signature)) return 'wrong'
      if (genuine.size >= REMEMBERED) genuine.clear()
      genuine.add(memo)
      return 'genuine'
    },
  }
}
