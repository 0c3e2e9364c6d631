/** One thing that is wrong with a pin, or with a place that uses an action. */
export interface PinFinding {
  readonly file: string
  /** From 1; absent where the file as a whole is meant. */
  readonly line?: number
  readonly message: string
}

/** One thing that nobody looked at, and why. Never counted as clean. */
export interface NotChecked {
  readonly what: string
  readonly reason: string
}

/** `.github/workflows/ci.yml:12: …` */
export function sentenceOf({ file, line, message }: PinFinding): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`
}
