import { expect, inject } from 'vitest'
import { adoptPackages, createRepository, type Repository } from './io/repository.ts'

/** One adoption, from a repository without Nx to affected tests. */
export interface Adoption {
  readonly fixture: string
  /** Commands that write the first lock files. */
  readonly locks: readonly (readonly string[])[]
  /** Every task of `nx affected -t test` when everything is affected. Sorted. */
  readonly tests: readonly string[]
  /** What proves in the log that the real tools ran. */
  readonly proof: readonly string[]
  /** An edit that makes a test fail, and the task that must be red. */
  readonly breakage: { readonly file: string; readonly from: string; readonly to: string; readonly task: string }
  /** A bump of the lock file alone, and the tasks that it must select. Sorted. */
  readonly bumps: readonly { readonly command: readonly string[]; readonly tasks: readonly string[] }[]
}

/** Runs the whole story; every step is an expectation. */
export async function adopt(story: Adoption): Promise<void> {
  const installed = inject('installed')
  const repository = await createRepository(story.fixture, story.locks)
  try {
    const hadManifest = repository.exists('package.json')
    adoptPackages(repository, installed)
    if (hadManifest) await repository.commit('build: add nx')
    await initAndUndo(repository)

    await succeed(repository, 'g', '@interlock/nx:init')
    await repository.commit('build: add interlock')
    await succeed(repository, 'g', '@interlock/nx:init')
    // A second init changes nothing.
    expect(await repository.status()).toBe('')

    expect(await affected(repository)).toEqual(story.tests)
    const green = await repository.nx('affected', '-t', 'test', '--base=HEAD~1', '--output-style=static')
    expect(green).toMatchObject({ status: 0 })
    for (const proof of story.proof) expect(green.output).toContain(proof)
    // Running the tests leaves nothing behind.
    expect(await repository.status()).toBe('')
    await redAndGreen(repository, story)
    for (const { command, tasks } of story.bumps) {
      await repository.run(...command)
      await repository.commit('build: bump')
      expect({ command, tasks: await affected(repository) }).toEqual({ command, tasks })
      await succeed(repository, 'sync')
      await repository.commit('build: sync')
    }
  } finally {
    repository.dispose()
  }
}

async function initAndUndo(repository: Repository): Promise<void> {
  const before = await repository.status()
  const dry = await succeed(repository, 'g', '@interlock/nx:init', '--dry-run')
  expect(dry).toContain('+++ b/nx.json')
  expect(repository.exists('closures.json')).toBe(false)
  const text = await succeed(repository, 'g', '@interlock/nx:init')
  expect(text).toContain('npx interlock affected -t test')
  expect(repository.exists('closures.json')).toBe(true)
  await succeed(repository, 'g', '@interlock/nx:init', '--undo')
  expect(await repository.status()).toBe(before)
}

async function redAndGreen(repository: Repository, { breakage }: Adoption): Promise<void> {
  const text = repository.read(breakage.file)
  expect(text).toContain(breakage.from)
  repository.write(breakage.file, text.replace(breakage.from, breakage.to))
  const red = await repository.nx('affected', '-t', 'test', '--base=HEAD', '--output-style=static')
  expect(red).toMatchObject({ status: 1 })
  expect(red.output).toContain(breakage.task)
  repository.write(breakage.file, text)
}

/** The test tasks that Nx selects for the last commit. */
async function affected(repository: Repository): Promise<string[]> {
  const output = await succeed(repository, 'affected', '-t', 'test', '--base=HEAD~1', '--graph=stdout')
  const graph = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    readonly tasks: { readonly tasks: Readonly<Record<string, { readonly target: { readonly target: string } }>> }
  }
  return Object.entries(graph.tasks.tasks)
    .filter(([, task]) => task.target.target === 'test')
    .map(([id]) => id)
    .toSorted()
}

async function succeed(repository: Repository, ...args: string[]): Promise<string> {
  const ended = await repository.nx(...args)
  expect(ended).toMatchObject({ status: 0 })
  return ended.output
}
