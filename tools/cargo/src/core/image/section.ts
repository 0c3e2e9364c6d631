import { expectString, expectStrings, expectTable, InterlockError, valueAt, type PlacedTable } from '@interlock/kit'
import type { ImageSection } from '../model.ts'

const KEYS = ['arguments', 'binary', 'ports', 'try']
const TRY_KEYS = ['arguments', 'path']

/** Reads `[package.metadata.interlock.image]`; `undefined` without the table. Throws the place's code. */
export function imageSection(from: PlacedTable, path: readonly string[]): ImageSection | undefined {
  const table = expectTable(from, path)
  if (table === undefined) return undefined
  const trial = expectTable(from, [...path, 'try'])
  expectKeys(from, path, KEYS)
  expectKeys(from, [...path, 'try'], TRY_KEYS)
  return {
    binary: expectString(from, [...path, 'binary']),
    arguments: expectStrings(from, [...path, 'arguments']) ?? [],
    ports: portsAt(from, [...path, 'ports']),
    try:
      trial === undefined
        ? undefined
        : {
            arguments: expectStrings(from, [...path, 'try', 'arguments']) ?? [],
            path: requestPath(from, [...path, 'try', 'path']),
          },
  }
}

function expectKeys(from: PlacedTable, path: readonly string[], known: readonly string[]): void {
  const unknown = Object.keys(expectTable(from, path) ?? {}).find((key) => !known.includes(key))
  if (unknown !== undefined) throw refusal(from, [...path, unknown], `is no key of an image; the keys are ${known.join(', ')}`)
}

function portsAt(from: PlacedTable, path: readonly string[]): readonly number[] {
  const value = valueAt(from.table, path) ?? []
  const isPort = (port: unknown): port is number => Number.isInteger(port) && (port as number) > 0 && (port as number) < 65536
  if (Array.isArray(value) && value.every(isPort)) return value
  throw refusal(from, path, 'is not an array of ports from 1 to 65535')
}

function requestPath(from: PlacedTable, path: readonly string[]): string {
  const value = expectString(from, path)
  if (value?.startsWith('/') === true) return value
  throw refusal(from, path, 'is not the path of a request, such as "/healthz"')
}

function refusal({ place }: PlacedTable, path: readonly string[], reason: string): InterlockError {
  return new InterlockError(place.code, `\`${path.join('.')}\` ${reason}`, { file: place.file, hint: place.hint })
}
