import { type DestinationStream, type Logger, pino } from 'pino'
import type { LogLevel } from '../core/config/server-config.ts'

/** Where a secret could stand if somebody logged a request or a configuration by mistake. */
const SECRET_PATHS: readonly string[] = [
  'authorization',
  'token',
  'access_token',
  'subject_token',
  'secretAccessKey',
  'headers',
].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

/** Structured lines on standard error, one JSON object each. Requests are not logged one by one: the metrics count them. */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...SECRET_PATHS], censor: '[redacted]' },
  }
  return pino(options, destination ?? pino.destination({ dest: 2, sync: true }))
}
