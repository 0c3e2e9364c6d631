import { data } from '@actions/expressions'
import type { ExpressionFunction } from './expression.ts'
import type { Result } from './model.ts'

/** `success()`, `failure()`, `cancelled()` and `always()` after what ran before. */
export function statusFunctions({
  success,
  failure,
  cancelled,
}: Readonly<Record<'success' | 'failure' | 'cancelled', boolean>>): ExpressionFunction[] {
  return [constant('success', success), constant('failure', failure), constant('cancelled', cancelled), constant('always', true)]
}

/** For a job: what became of every job before it, also of those that it needs only through others. */
export function statusAfterJobs(ancestors: readonly Result[]): ExpressionFunction[] {
  return statusFunctions({
    success: ancestors.every((result) => result === 'success'),
    failure: ancestors.includes('failure'),
    // It is true where the run was cancelled as a whole, which nobody does here.
    cancelled: false,
  })
}

/** For a step: how its job, or the composite action around it, stands. */
export function statusWithin(status: Result): ExpressionFunction[] {
  return statusFunctions({ success: status === 'success', failure: status === 'failure', cancelled: status === 'cancelled' })
}

function constant(name: string, value: boolean): ExpressionFunction {
  return { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) }
}
