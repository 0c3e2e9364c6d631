import type { Input, Language, Target } from './model.ts'
import { SUFFIX, uniqueInputs } from './targets.ts'

type Targets = Readonly<Record<string, Target>>

/** The named input of a verb that several languages of a directory share. */
export const JOINT_FILES = 'workspace-all'

/**
 * The files outside projects that at least one of the languages reads. A negation in Nx beats every other pattern, so the
 * lists cannot be put side by side: each language would take from the others what it does not read itself.
 */
export function jointFiles(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.length === 0 ? [] : lists.reduce((some, other) => some.filter((pattern) => other.includes(pattern)))
}

/**
 * The targets of a directory that several languages share. Where more than one has a verb, the Rust and the Python target
 * get a suffix, and the verb itself depends on them: it is npm's own target where there is one (Nx would put a script of
 * that name in the place of anything else), and else does nothing.
 *
 * `filesInputs` are the names of the languages' named inputs with the files outside projects.
 */
export function joinTargets(parts: ReadonlyMap<Language, Targets>, filesInputs: readonly string[]): Record<string, Target> {
  const owners = new Map<string, Language[]>()
  for (const [language, targets] of parts) {
    for (const name of Object.keys(targets)) owners.set(name, [...(owners.get(name) ?? []), language])
  }
  const split = new Set([...owners].filter(([, languages]) => languages.length > 1).map(([name]) => name))
  const joined: Record<string, Target> = {}
  for (const [language, targets] of parts) {
    const suffix = language === 'javascript' ? '' : SUFFIX[language]
    for (const [name, target] of Object.entries(targets)) {
      joined[split.has(name) ? `${name}${suffix}` : name] = { ...target, ...ownDependsOn(target, split, suffix) }
    }
  }
  for (const name of split) {
    const shared = [...parts.values()].flatMap((targets) => targets[name] ?? [])
    const verb = parts.get('javascript')?.[name] ?? nothing(name, shared)
    const suffixed = (owners.get(name) ?? []).flatMap((language) =>
      language === 'javascript' ? [] : [`${name}${SUFFIX[language]}`],
    )
    joined[name] = {
      ...verb,
      inputs: uniqueInputs(shared.flatMap(({ inputs = [] }) => inputs.map((input) => jointInput(input, filesInputs)))),
      dependsOn: [...(verb.dependsOn ?? []), ...suffixed],
    }
  }
  return joined
}

function ownDependsOn(target: Target, split: ReadonlySet<string>, suffix: string): Pick<Target, 'dependsOn'> {
  if (target.dependsOn === undefined) return {}
  return { dependsOn: target.dependsOn.map((name) => (split.has(name) ? `${name}${suffix}` : name)) }
}

function nothing(name: string, shared: readonly Target[]): Target {
  return {
    executor: 'nx:noop',
    cache: shared.every((target) => target.cache === true),
    outputs: [],
    metadata: { description: `${name} in every language of this directory.` },
  }
}

function jointInput(input: Input, filesInputs: readonly string[]): Input {
  return typeof input === 'string' && filesInputs.includes(input) ? JOINT_FILES : input
}
