import { posix } from 'node:path'
import { InterlockError } from '@interlock/kit'
import type { NodeInputs } from './inputs.ts'
import type { Input, JavaScriptProject, Target } from './model.ts'
import { type Manifest, packageNames, recordAt } from './packages.ts'
import { COVERAGE_OUTPUT, MEASURED_OUTPUT, SUFFIX, uniqueInputs } from './targets.ts'

/** Verbs that only look: their result is the log, so a script of that name can be cached without knowing its outputs. */
const CHECKS = new Set(['format', 'lint', 'typecheck', 'test', 'audit'])

/** Only such a path is put into a command that a shell reads. */
const SAFE_PATH = /^[A-Za-z0-9_@%+=:,./-]+$/

export interface ToolFacts {
  /** npm packages that the root package.json names. */
  readonly rootPackages: readonly string[]
  /** Configuration files at the workspace root. */
  readonly rootFiles: readonly string[]
  readonly allowNoTests: readonly string[]
  /** Another name for a target, or `false` to leave it out. */
  readonly targets: Readonly<Record<string, string | false>>
}

export interface PackageContext {
  /** What Nx's own plugins infer. */
  readonly inferred: Readonly<Record<string, Target>>
  readonly tools: ToolFacts
  /** Names of the targets that other languages have in the package's directory. */
  readonly others: ReadonlySet<string>
}

/**
 * The targets of one npm package: what Nx's plugins inferred, its scripts, and the tools that the workspace configures at
 * its root. Inputs are added by `widenTargets`.
 */
export function packageTargets(
  project: JavaScriptProject,
  packageJson: Manifest,
  { inferred, tools, others }: PackageContext,
): Record<string, Target> {
  const scripts = includedScripts(packageJson)
  expectFree(scripts, project, others)
  const isOurs = (name: string): boolean => CHECKS.has(name) || name === 'build' || others.has(name)
  const targets: Record<string, Target> = {
    ...rootTools(project.root, tools),
    ...siteTargets(project, packageJson),
    ...Object.fromEntries(Object.entries(inferred).flatMap(([name, target]) => adopted(project, { name, target, tools }))),
    ...Object.fromEntries(scripts.filter(isOurs).map((name) => [name, scriptTarget(name)])),
  }
  return Object.fromEntries(
    Object.entries(targets).flatMap(([name, target]) => {
      const given = scripts.includes(name) ? name : (tools.targets[name] ?? name)
      return given === false ? [] : [[given, target]]
    }),
  )
}

/** Nx puts a script in the place of any target of its name; where two languages share a verb, theirs have these names. */
function expectFree(scripts: readonly string[], { manifest }: JavaScriptProject, others: ReadonlySet<string>): void {
  const taken = [...others].flatMap((name) => Object.values(SUFFIX).map((suffix) => `${name}${suffix}`))
  const script = scripts.find((name) => taken.includes(name))
  if (script === undefined) return
  throw new InterlockError('GRAPH_NAME_DUPLICATE', `the script ${JSON.stringify(script)} would hide the target of that name`, {
    file: manifest,
    hint: 'rename the script, or leave it out by "includedScripts" in the "nx" of the package.json',
  })
}

/** The scripts that Nx makes targets of: all, or those that the package.json names. */
function includedScripts(packageJson: Manifest): string[] {
  const included = recordAt(packageJson, 'nx')['includedScripts']
  const scripts = Object.keys(recordAt(packageJson, 'scripts'))
  return Array.isArray(included) ? scripts.filter((name) => included.includes(name)) : scripts
}

/**
 * Formatting and linting run at the root, where their configuration is; the path says what they look at. The glob-free
 * command is what a person would type.
 */
function rootTools(root: string, { rootPackages, rootFiles }: ToolFacts): Record<string, Target> {
  if (!SAFE_PATH.test(root) || root.startsWith('-')) return {}
  const targets: Record<string, Target> = {}
  if (rootPackages.includes('oxfmt')) {
    targets['format'] = { ...commandTarget(`oxfmt --check ${root}`, 'Checks the formatting.'), reads: 'project' }
  }
  if (rootPackages.includes('oxlint') && rootFiles.includes('.oxlintrc.json')) {
    const typeAware = rootPackages.includes('oxlint-tsgolint') ? '--type-aware ' : ''
    targets['lint'] = commandTarget(`oxlint ${typeAware}--deny-warnings ${root}`, 'Lints the sources.')
  }
  return targets
}

function commandTarget(command: string, description: string): Target {
  return { executor: 'nx:run-commands', options: { command, cwd: '.' }, cache: true, outputs: [], metadata: { description } }
}

/** A VitePress site is built into `dist/`, beside the results of all other projects. */
function siteTargets(project: JavaScriptProject, packageJson: Manifest): Record<string, Target> {
  if (!packageNames(packageJson).includes('vitepress') || !SAFE_PATH.test(project.root)) return {}
  const folder = `dist/${project.root}`
  return {
    build: {
      executor: 'nx:run-commands',
      options: { command: `vitepress build ${project.root} --outDir ${folder}`, cwd: '.' },
      cache: true,
      outputs: [`{workspaceRoot}/${folder}`],
      dependsOn: ['^build'],
      metadata: { description: 'Builds the site.' },
    },
  }
}

/**
 * A script keeps Nx's own executor, or Nx would replace the target and drop its inputs. What a build writes is unknown
 * here, so it is cached only where the package.json says so.
 */
function scriptTarget(name: string): Target {
  return { executor: 'nx:run-script', options: { script: name }, ...(CHECKS.has(name) ? { cache: true, outputs: [] } : {}) }
}

interface Inferred {
  readonly name: string
  readonly target: Target
  readonly tools: ToolFacts
}

/** A target of Nx's plugins as this plugin wants it. */
function adopted(project: JavaScriptProject, { name, target, tools }: Inferred): [string, Target][] {
  if (name === 'build-deps' || name === 'watch-deps') return []
  // A per-target sync generator stops a local run and is skipped in CI without a word: only global ones are used.
  const { syncGenerators: _, command, ...rest } = target as Target & { syncGenerators?: unknown; command?: unknown }
  if (name === 'test') return vitestTargets(project, rest, tools)
  const run = typeof command === 'string' ? { executor: 'nx:run-commands', options: { ...rest.options, command } } : {}
  return [[name, { ...rest, ...run }]]
}

/** Vitest in our executor, so that a run of zero tests is not a pass. The tests themselves write nothing to keep. */
function vitestTargets(project: JavaScriptProject, target: Target, tools: ToolFacts): [string, Target][] {
  const allowNoTests = tools.allowNoTests.some((name) => name === project.root || name === project.name)
  const run = (own: Readonly<Record<string, unknown>>): Pick<Target, 'executor' | 'options'> => ({
    executor: '@interlock/nx:test',
    options: { ...own, cwd: project.root, runner: 'vitest', allowNoTests },
  })
  const test: Target = { ...target, ...run({ command: ['vitest', 'run'] }), outputs: [] }
  if (!tools.rootPackages.includes('@vitest/coverage-v8') || tools.targets['coverage'] === false) return [['test', test]]
  const measured = measuredRun(project.root)
  const description = 'Runs the tests and measures what they cover.'
  return [
    ['test', { ...test, configurations: { coverage: measured }, outputs: [MEASURED_OUTPUT] }],
    ['coverage', { ...target, ...run(measured), outputs: [COVERAGE_OUTPUT], metadata: { ...target.metadata, description } }],
  ]
}

/** The command writes LCOV to where the reports of every language are, whatever the project's own settings say. */
function measuredRun(root: string): { readonly command: readonly string[]; readonly report: string } {
  const folder = 'dist/{projectName}/coverage'
  const place = `--coverage.reportsDirectory=${posix.join(posix.relative(root, '.'), folder)}`
  const reporters = ['text-summary', 'lcovonly'].map((reporter) => `--coverage.reporter=${reporter}`)
  return { command: ['vitest', 'run', '--coverage', ...reporters, place], report: `${folder}/lcov.info` }
}

export interface WidenContext {
  readonly inputs: NodeInputs
  /** Name of the named input with the files outside projects. */
  readonly filesInput: string
}

/** The targets with our inputs: root files that no rule knows are wide for them too. */
export function widenTargets(targets: Readonly<Record<string, Target>>, context: WidenContext): Record<string, Target> {
  return Object.fromEntries(
    Object.entries(targets).map(([name, { reads, ...target }]) => [
      name,
      { ...target, inputs: widenInputs(target, { ...context, deep: reads !== 'project' }) },
    ]),
  )
}

/**
 * The file patterns that Nx's plugins list are replaced: a list of what is known to be read misses what is not. Their
 * other inputs (environment, parts of tsconfig files, outputs of dependencies) stay.
 */
function widenInputs(target: Target, { inputs, filesInput, deep }: WidenContext & { readonly deep: boolean }): Input[] {
  const kept = (target.inputs ?? []).filter((input) => typeof input !== 'string' && !('externalDependencies' in input))
  const far: readonly Input[] = deep ? inputs.dependencies : []
  return uniqueInputs(['default', ...(deep ? ['^default'] : []), filesInput, ...inputs.always, ...far, ...kept])
}
