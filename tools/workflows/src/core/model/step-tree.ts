import { InterlockError } from '@interlock/kit'
import { actionName } from './action-name.ts'
import type { Pin } from './pin.ts'
import { Commented, compact, texts, type Tree } from './tree.ts'
import type { ActionStep, CacheStep, CommandStep, LocalStep, PlainStep, SecretStep, Step, StoreStep, Value } from './types.ts'

/** A step as it stands in a workflow. */
export function stepTree(step: Step | SecretStep | StoreStep): Tree {
  if (step.kind === 'command') return commandTree(step)
  if (step.kind === 'secret') return commandTree({ ...step, kind: 'command', env: { ...step.env, ...secretsOf(step) } })
  return step.kind === 'action' || step.kind === 'store' ? actionTree(step) : localTree(step)
}

/** A step as it stands in a composite action, where a command names its shell. */
export function compositeStepTree(step: PlainStep | StoreStep): Tree {
  return step.kind === 'command' ? { ...commandTree(step), shell: 'bash' } : stepTree(step)
}

function commandTree({ id, name, words, env, if: condition }: CommandStep): { readonly [key: string]: Tree } {
  const odd = words.find((word) => !/^[A-Za-z0-9_@%+=:,./*-]+$/u.test(word))
  if (odd !== undefined)
    throw new InterlockError(
      'CONFIG_INVALID',
      `the word ${JSON.stringify(odd)} of the step "${name}" is one that a shell would read`,
    )
  return compact({ name, id, if: condition?.expr, env: env === undefined ? undefined : texts(env), run: words.join(' ') })
}

function secretsOf({ secrets }: SecretStep): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(secrets).map(([variable, secret]) => [variable, { expr: `secrets.${secret}` }]))
}

function actionTree({ id, name, pin, with: given, if: condition }: ActionStep | StoreStep): Tree {
  return compact({ name, id, if: condition?.expr, uses: uses(pin), with: given === undefined ? undefined : texts(given) })
}

function localTree(step: LocalStep | CacheStep): Tree {
  const given = step.kind === 'local' ? step.with : undefined
  return compact({
    name: step.name,
    uses: `$/.github/actions/${step.action}`,
    with: given === undefined ? undefined : texts(given),
  })
}

function uses(pin: Pin): Commented {
  return new Commented(`${actionName(pin)}@${pin.sha}`, pin.version)
}
