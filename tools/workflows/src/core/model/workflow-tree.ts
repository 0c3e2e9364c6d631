import { stepTree } from './step-tree.ts'
import { Commented, compact, text, texts, type Tree } from './tree.ts'
import type { Expr, Grant, Job, Matrix, Value, Workflow } from './types.ts'

/** A workflow as its file says it. */
export function workflowTree({ name, on, concurrency, env, jobs }: Workflow): Tree {
  return compact({
    name,
    on: triggersTree(on),
    permissions: {},
    concurrency: { group: text(concurrency.group), 'cancel-in-progress': flag(concurrency.cancelInProgress) },
    env,
    jobs: Object.fromEntries(jobs.map((job) => [job.id, jobTree(job)])),
  })
}

function flag(value: Expr | boolean): Tree {
  return typeof value === 'boolean' ? value : text(value)
}

/** What all kinds of triggers have in common for the printer. */
interface AnyTriggers {
  readonly push?: { readonly branches: readonly string[] } | undefined
  readonly pullRequest?: { readonly [filter: string]: readonly string[] } | undefined
  readonly mergeGroup?: true | undefined
  readonly schedule?: readonly string[] | undefined
  readonly dispatch?: true | undefined
}

function triggersTree({ push, pullRequest, mergeGroup, schedule, dispatch }: AnyTriggers): Tree {
  return compact({
    push: push === undefined ? undefined : { branches: push.branches },
    pull_request: pullRequest === undefined ? undefined : { ...pullRequest },
    merge_group: mergeGroup === undefined ? undefined : {},
    schedule: schedule?.map((cron) => ({ cron })),
    workflow_dispatch: dispatch === undefined ? undefined : {},
  })
}

function jobTree(job: Job): Tree {
  const { id, title = id, needs, matrix, outputs, steps } = job
  return compact({
    name: text(matrix === undefined ? title : nameOf(title, matrix)),
    needs: needs.length === 0 ? undefined : needs,
    if: job.if?.expr,
    'runs-on': job.trust === 'approved' ? { group: job.machine.group, labels: job.machine.labels } : job.machine,
    environment: 'environment' in job ? job.environment : undefined,
    'timeout-minutes': job.timeoutMinutes,
    permissions: grantsTree(job.grants),
    strategy: matrix === undefined ? undefined : { 'fail-fast': false, matrix: matrixTree(matrix) },
    outputs: outputs === undefined ? undefined : texts(outputs),
    steps: steps.map(stepTree),
  })
}

function nameOf(title: string, matrix: Matrix): Value {
  if (matrix.kind === 'list') return [title, ' ', { expr: `matrix.${matrix.name}` }]
  return [title, ' ', { expr: 'matrix.shard' }, ' of ', { expr: 'matrix.shards' }]
}

function matrixTree(matrix: Matrix): Tree {
  return matrix.kind === 'plan' ? text(matrix.of) : { [matrix.name]: matrix.values }
}

function grantsTree(grants: readonly Grant[]): Tree {
  return Object.fromEntries(grants.map(({ scope, level, why }) => [scope, new Commented(level, why)]))
}
