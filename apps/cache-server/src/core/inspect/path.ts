import { Unsafe } from './inspection.ts'

const MAX_PATH = 4096
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The path of an entry as its segments, without `.` and empty ones. */
export function segmentsOf(name: Buffer): readonly string[] {
  const text = textOf(name)
  checkPlain(text)
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..')) throw new Unsafe('parent folder in a path', shown(text))
  if (segments.length === 0) throw new Unsafe('name is empty', shown(text))
  return segments
}

/** The target of a symbolic link at `path`, as it is written, once it is sure that it stays inside. */
export function checkTarget(link: Buffer, path: readonly string[]): string {
  const text = textOf(link)
  const where = path.join('/')
  if (text === '') throw new Unsafe('name is empty', where)
  checkPlain(text)
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.')
  const climbs = segments.findIndex((segment) => segment !== '..')
  const up = climbs === -1 ? segments.length : climbs
  // `..` after a name could step out of what that name links to, so it may stand only in front.
  if (up > path.length - 1 || segments.slice(up).includes('..')) throw new Unsafe('link leads outside', where)
  return text
}

/** What a file system that ignores case or the form of accents takes for the same name. */
export function foldedPath(segments: readonly string[]): string {
  return segments.join('/').normalize('NFC').toLowerCase()
}

/** A name for a message: short, without line breaks and other control characters. */
export function shown(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
  return printable.length > 200 ? `${printable.slice(0, 200)}…` : printable
}

function textOf(bytes: Buffer): string {
  if (bytes.length > MAX_PATH) throw new Unsafe('name is too long', shown(bytes.toString('latin1', 0, 100)))
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new Unsafe('name is not text', shown(bytes.toString('latin1')))
  }
  if (text.includes('\0')) throw new Unsafe('name is not text', shown(text))
  return text
}

function checkPlain(text: string): void {
  if (text.startsWith('/')) throw new Unsafe('absolute path', shown(text))
  if (text.includes('\\')) throw new Unsafe('backslash in a path', shown(text))
  if (/^[A-Za-z]:/u.test(text)) throw new Unsafe('drive letter', shown(text))
}
