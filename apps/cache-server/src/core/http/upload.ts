/** What the headers of a PUT say about its body. */
export type DeclaredLength =
  | { readonly kind: 'bytes'; readonly size: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed' }

/** Reads `Content-Length`: digits only, and no more than a number can hold exactly. */
export function declaredLength(header: string | undefined): DeclaredLength {
  if (header === undefined) return { kind: 'missing' }
  if (!/^\d{1,16}$/u.test(header)) return { kind: 'malformed' }
  const size = Number(header)
  return Number.isSafeInteger(size) ? { kind: 'bytes', size } : { kind: 'malformed' }
}

/** A whole number of milliseconds as a tool measured it, or nothing: what is stored is sent to others. */
export function durationHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && /^\d{1,12}$/u.test(value) ? value : undefined
}

/** Turborepo's signature of an artifact: base64 of an HMAC, short and printable. */
export function tagHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,600}$/u.test(value) ? value : undefined
}
