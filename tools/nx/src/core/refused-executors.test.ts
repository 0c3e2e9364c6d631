import { expect, it } from 'vitest'
import { expectHonestExecutors } from './refused-executors.ts'

it('an executor that can report success without having run is refused, with its place and the cure', () => {
  const lying = { a: { root: 'libs/a', targets: { lint: {}, test: { executor: '@monodon/rust:test' } } } }
  expect(() => expectHonestExecutors(lying)).toThrowErrorMatchingInlineSnapshot(`
    [InterlockError: TARGET_EXECUTOR_REFUSED: libs/a/project.json: a:test uses @monodon/rust:test, which can report success without having run

    hint: remove the target "test" from the project.json: @interlock/nx infers it from Cargo.toml]
  `)
})

it('other executors are not', () => {
  const honest = { a: { root: 'a', targets: { test: { executor: '@interlock/nx:test' }, lint: {} } }, b: { root: 'b' } }
  expect(() => expectHonestExecutors(honest)).not.toThrow()
})
