import type { Invocation } from '@interlock/cli'
import { InterlockError } from '@interlock/kit'
import { type BaseRequest, baseRequest } from '../core/base.ts'

/** An option that takes one value; `undefined` when it is not given. */
export function textOption(invocation: Pick<Invocation, 'options'>, name: string): string | undefined {
  const value = invocation.options[name]
  return typeof value === 'string' ? value : undefined
}

/** Names given as words or with commas between; throws `USAGE` for a name that Nx would take for an option. */
export function namesOption(invocation: Pick<Invocation, 'options'>, name: string): string[] {
  const value = invocation.options[name]
  const names = (Array.isArray(value) ? (value as readonly string[]) : [])
    .flatMap((word) => word.split(','))
    .filter((word) => word !== '')
  for (const each of names) {
    if (each.startsWith('-')) throw new InterlockError('USAGE', `"${each}" is not the name of a target`)
  }
  if (names.length === 0) throw new InterlockError('USAGE', `--${name} names nothing`)
  return names
}

/** What a verb's options and the environment ask to compare with. */
export function requestOf(invocation: Pick<Invocation, 'options' | 'env'>): BaseRequest {
  return baseRequest({ base: textOption(invocation, 'base'), head: textOption(invocation, 'head') }, invocation.env)
}
