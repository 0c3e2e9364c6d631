import { InterlockError } from '@interlock/kit'

/**
 * Executors of `@monodon/rust` report success without running anything when `VERCEL` is set, and their targets have no
 * inputs.
 */
const REFUSED = /^@monodon\/rust:/

interface AnyProject {
  readonly root: string
  readonly targets?: Readonly<Record<string, { readonly executor?: string | undefined }>> | undefined
}

/** Throws `TARGET_EXECUTOR_REFUSED` when a target uses an executor that is known to report work that it did not do. */
export function expectHonestExecutors(projects: Readonly<Record<string, AnyProject>>): void {
  for (const [name, project] of Object.entries(projects)) {
    for (const [target, { executor }] of Object.entries(project.targets ?? {})) {
      if (executor === undefined || !REFUSED.test(executor)) continue
      throw new InterlockError(
        'TARGET_EXECUTOR_REFUSED',
        `${name}:${target} uses ${executor}, which can report success without having run`,
        {
          file: `${project.root}/project.json`,
          hint: `remove the target "${target}" from the project.json: @interlock/nx infers it from Cargo.toml`,
        },
      )
    }
  }
}
