export { EXIT, classOf, type ErrorClass, type ErrorCode, type ExitStatus } from './core/error-codes.ts'
export { InterlockError, type ErrorDetails } from './core/error.ts'
export type * from './core/graph.ts'
export { canonical } from './core/canonical.ts'
export { globMatcher } from './core/globs.ts'
export { createMemo, type Memo } from './core/memo.ts'
export { addBit, components, emptyBits, hasBit, membersOf, reach, unite, type Bits, type Digraph } from './core/reach.ts'
export { by, byText, sortedRecord, sortedUnique } from './core/order.ts'
export { closureKey, sliceDigest } from './core/slice.ts'
export { strictJsonObject, type StrictJson } from './core/strict-json.ts'
export {
  booleanAt,
  expectBoolean,
  expectPercent,
  expectString,
  expectStrings,
  expectTable,
  expectTables,
  isTable,
  parseToml,
  stringAt,
  stringsAt,
  tableAt,
  tablesAt,
  valueAt,
  type PlacedTable,
  type TomlPlace,
  type TomlTable,
  type TomlValue,
} from './core/toml.ts'
export { commandText } from './core/command-text.ts'
export { alignedRows } from './core/table.ts'
export { annotation, type Annotation } from './core/workflow-command.ts'
export { knownKeys } from './core/known-keys.ts'
export { lineColumn } from './core/place.ts'
export { pathText, problemsOf, type Problem } from './core/problems.ts'
export { redact } from './core/redact.ts'
export { runProcess, type ProcessOptions, type ProcessOutput, type ProcessResult } from './io/process.ts'
export { runOk, type RunOkOptions } from './io/run-ok.ts'
export { type OutputName, type StreamOptions } from './io/capture.ts'
export { CONFIG_FILE, configSchema, parseConfig, type Config, type ConfigSections } from './core/config.ts'
export { configText, readConfig, type ReadConfig } from './io/read-config.ts'
export {
  executorSchema,
  generatorSchema,
  parseOptions,
  schemaText,
  type JsonSchema,
  type OptionsPlace,
  type SchemaNames,
} from './core/schema.ts'
export { nearest } from './core/suggest.ts'
