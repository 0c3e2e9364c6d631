import { sign, verify } from 'node:crypto'
import { signedText } from '@interlock/cache/wire'
import type { Signer } from '../core/access.ts'
import type { Keyring } from './keyring.ts'

/** Signs with the newest key; every key of the ring verifies. */
export function createSigner(keys: Keyring): Signer {
  const [newest] = keys
  return {
    publicKey: newest.publicText,
    sign: (entry) => sign(null, Buffer.from(signedText(entry)), newest.privateKey).toString('base64url'),
    verify: (entry, signature) => {
      const bytes = Buffer.from(signature, 'base64url')
      if (bytes.length !== SIGNATURE_BYTES || bytes.toString('base64url') !== signature) return false
      const text = Buffer.from(signedText(entry))
      return keys.some((key) => verify(null, text, key.publicKey, bytes))
    },
  }
}

const SIGNATURE_BYTES = 64
