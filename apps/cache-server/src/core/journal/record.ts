import { hash } from 'node:crypto'
import type { Entry, EntryKey } from '../entry.ts'

/** One change of the index, as a line of the journal. Applying one twice is the same as applying it once. */
export type JournalRecord =
  | { readonly op: 'format'; readonly version: number }
  | { readonly op: 'put'; readonly entry: Entry; readonly used: number }
  | { readonly op: 'remove'; readonly key: EntryKey }
  | { readonly op: 'state'; readonly key: EntryKey; readonly state: Entry['state'] }
  | { readonly op: 'used'; readonly uses: readonly (readonly [EntryKey, number])[] }

/** The version of the format that `encodeRecord` writes. */
export const JOURNAL_VERSION = 1

const CHECKSUM_LENGTH = 16

/** A line with its line break: the start of the SHA-256 of the JSON text, a space, the JSON text. */
export function encodeRecord(record: JournalRecord): string {
  const json = JSON.stringify(record)
  return `${checksum(json)} ${json}\n`
}

/** The record of a line without its line break; `undefined` when the line is not as it was written. */
export function decodeRecord(line: string): JournalRecord | undefined {
  const json = line.slice(CHECKSUM_LENGTH + 1)
  if (line[CHECKSUM_LENGTH] !== ' ' || line.slice(0, CHECKSUM_LENGTH) !== checksum(json)) return undefined
  return JSON.parse(json) as JournalRecord
}

function checksum(json: string): string {
  return hash('sha256', json).slice(0, CHECKSUM_LENGTH)
}
