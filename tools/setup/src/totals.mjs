const LINE = /^(\d+) passed, (\d+) failed, (\d+) skipped$/

/**
 * The sum that `interlock affected` prints as its last line; `undefined` when it never got that far.
 *
 * @param {string} output
 * @returns {import('./types.d.ts').Totals | undefined}
 */
export function readTotals(output) {
  const match = output.trimEnd().split(/\r?\n/).at(-1)?.trim().match(LINE)
  if (match === null || match === undefined) return undefined
  const [passed = 0, failed = 0, skipped = 0] = match.slice(1).map(Number)
  return { failed, passed, skipped }
}

/**
 * The sum over everything: a check that fails counts as one failure, a lane that could not run as one skip. Nothing at
 * all is a failure too, because a run that tested nothing proves nothing.
 *
 * @param {{ tests: import('./types.d.ts').Totals | undefined, failedChecks: readonly string[], notRun: readonly string[] }} run
 * @returns {import('./types.d.ts').Totals}
 */
export function sumTotals({ tests, failedChecks, notRun }) {
  const { passed, failed, skipped } = tests ?? { failed: 1, passed: 0, skipped: 0 }
  return { failed: failed + failedChecks.length, passed, skipped: skipped + notRun.length }
}

/** @param {import('./types.d.ts').Totals} totals */
export function renderTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

/** @param {import('./types.d.ts').Totals} totals @returns {number} exit status */
export function statusOf({ passed, failed }) {
  return failed > 0 || passed === 0 ? 1 : 0
}
