import { InterlockError } from '@interlock/kit'
import { z } from 'zod'
import { type SimulatedEvent, payloadAt, textAt } from './event.ts'
import type { RepositoryFacts } from './payloads.ts'
import type { SourceFile } from './yaml-document.ts'

const HINT = 'give { "name": "push", "payload": { … } }, or the name of a fixture: interlock ci simulate --list'

const texts = z.record(z.string(), z.string())

const eventSchema = z.strictObject({
  name: z.string().regex(/^[a-z_]+$/u, 'is not the name of an event, such as "push" or "pull_request"'),
  payload: z.record(z.string(), z.unknown()),
  ref: z
    .string()
    .regex(/^refs\/[^\s\p{Cc}]+$/u, 'is not the full name of a ref, such as "refs/heads/main"')
    .optional(),
  sha: z
    .string()
    .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u, 'is not the full id of a commit')
    .optional(),
  actor: z.string().optional(),
  variables: texts.optional(),
  actionOutputs: z.record(z.string(), texts).optional(),
})

/**
 * Reads an event that a person wrote down. What it does not say is taken from its payload, else from the repository.
 *
 * @throws InterlockError `CONFIG_INVALID` that names the file and every fault.
 */
export function parseEventFile({ file, text }: SourceFile, facts: RepositoryFacts): SimulatedEvent {
  const result = eventSchema.safeParse(json(file, text))
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || '(all)'}: ${message}`)
    throw new InterlockError('CONFIG_INVALID', faults.join('\n  '), { file, hint: HINT })
  }
  const { name, payload, ref, sha, actor, variables = {}, actionOutputs = {} } = result.data
  return {
    name,
    payload,
    ref: ref ?? refOf(name, payload, facts),
    sha: sha ?? facts.head,
    actor: actor ?? textAt(payload, 'sender.login') ?? 'octocat',
    changedFiles: undefined,
    variables,
    actionOutputs,
  }
}

function json(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', `is not JSON: ${(cause as Error).message.split('\n', 1)[0]}`, {
      file,
      hint: HINT,
      cause,
    })
  }
}

function refOf(name: string, payload: unknown, { mainBranch }: RepositoryFacts): string {
  const number = payloadAt(payload, 'pull_request.number')
  if (name === 'pull_request' && typeof number === 'number') return `refs/pull/${number}/merge`
  const ref = textAt(payload, name === 'merge_group' ? 'merge_group.head_ref' : 'ref')
  return ref?.startsWith('refs/') === true ? ref : `refs/heads/${mainBranch}`
}
