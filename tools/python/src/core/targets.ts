import { posix } from 'node:path'
import { booleanAt, type ReaderOptions, stringsAt, tableAt, type TargetPlan, type TestPlan } from '@interlock/kit'
import { isMaturin } from './crossing.ts'
import type { ProjectLock } from './locks.ts'
import type { Manifest } from './manifest.ts'
import { allowedPythons } from './python-versions.ts'
import type { UvWorkspace } from './workspaces.ts'

export interface TargetContext {
  readonly workspace: UvWorkspace | undefined
  readonly lock: ProjectLock | undefined
  /** Whether the slice holds a package. */
  readonly isLocked: (name: string) => boolean
  readonly paths: ReadonlySet<string>
  /** Whether a dependency of the project is a wheel that must be built first. */
  readonly needsWheel: boolean
  readonly options: ReaderOptions
}

type Plan = Partial<TargetPlan> & Pick<TargetPlan, 'description' | 'command'>

const CONFIG_FILES: Readonly<Record<string, readonly string[]>> = {
  mypy: ['mypy.ini', '.mypy.ini'],
  pytest: ['pytest.ini', '.pytest.ini'],
  ruff: ['ruff.toml', '.ruff.toml'],
}

/**
 * The targets of a project. A target whose tool neither the dependencies nor a configuration names does not exist: it
 * could only be green without having looked.
 */
export function targetsOf(manifest: Manifest, context: TargetContext): Record<string, TargetPlan> {
  const plans = { ...checks(manifest, context), ...tests(manifest, context), ...products(manifest, context) }
  const named = Object.entries(plans).flatMap(([name, plan]) => {
    const shown = renamed(name, context.options)
    return shown === undefined ? [] : [[shown, complete(plan, { root: manifest.root, options: context.options })] as const]
  })
  return Object.fromEntries(named)
}

/**
 * `python -m` under uv, because `uv run --no-sync pytest` falls back to whatever `pytest` is on PATH when the environment
 * lacks it: a test of 3.9 would then run, green, on another Python.
 */
function runner(context: TargetContext, version?: string): string[] {
  const python = version === undefined ? [] : ['--python', version]
  if (context.lock?.kind === 'uv') return ['uv', 'run', '--frozen', '--all-packages', ...python, 'python', '-m']
  if (context.workspace !== undefined) return ['uv', 'run', '--no-sync', ...python, 'python', '-m']
  if (context.lock?.kind === 'poetry') return ['poetry', 'run', 'python', '-m']
  return ['python', '-m']
}

function usesUv({ lock, workspace }: TargetContext): boolean {
  return lock?.kind === 'uv' || workspace !== undefined
}

function checks(manifest: Manifest, context: TargetContext): Record<string, Plan> {
  const run = runner(context)
  const plans: Record<string, Plan> = {}
  const black = dependsOnTool(manifest, context, 'black') || isConfigured(manifest, 'black')
  if (dependsOnTool(manifest, context, 'ruff') && !black && configuresRuffFormat(manifest, context)) {
    plans['format'] = {
      description: 'Check the layout of the code with ruff.',
      command: [...run, 'ruff', 'format', '--check', '.'],
      reads: 'project',
    }
  } else if (black) {
    plans['format'] = {
      description: 'Check the layout of the code with black.',
      command: [...run, 'black', '--check', '.'],
      reads: 'project',
    }
  }
  if (hasTool(manifest, context, 'ruff')) {
    plans['lint'] = { description: 'Lint with ruff.', command: [...run, 'ruff', 'check', '.'] }
  }
  if (hasTool(manifest, context, 'mypy')) {
    const mypy = tableAt(manifest.table, ['tool', 'mypy'])
    const strict = mypy?.['strict'] !== undefined || hasConfigFile(manifest, context, 'mypy') ? [] : ['--strict']
    const chosen = mypy?.['files'] ?? mypy?.['packages'] ?? mypy?.['modules']
    const paths = chosen === undefined ? ['.'] : []
    plans['typecheck'] = {
      description: 'Check types with mypy.',
      command: [...run, 'mypy', ...strict, ...paths],
      dependsOn: wheels(context),
    }
  }
  return plans
}

function tests(manifest: Manifest, context: TargetContext): Record<string, Plan> {
  if (!hasTool(manifest, context, 'pytest')) return {}
  const allowed = booleanAt(manifest.table, ['tool', 'interlock', 'allow-no-tests']) === true
  const listed = context.options.allowNoTests.some((item) => item === manifest.name || item === manifest.root)
  const dependsOn = isMaturin(manifest) ? [...wheels(context), 'install'] : wheels(context)
  const judged: TestPlan = { runner: 'pytest', allowNoTests: allowed || listed }
  const test: Omit<Plan, 'command' | 'description'> = { tests: judged, dependsOn }
  const measuredBy = dependsOnTool(manifest, context, 'pytest-cov') ? renamed('coverage', context.options) : undefined
  const plans: Record<string, Plan> = {
    test: {
      ...test,
      tests: { ...judged, measuredBy },
      description: 'Run the tests with pytest.',
      command: [...runner(context), 'pytest'],
    },
  }
  const versions = usesUv(context) ? allowedPythons(manifest.requiresPython, context.options.pythonVersions) : []
  for (const version of versions) {
    plans[`test-py${version}`] = {
      ...test,
      description: `Run the tests with pytest on Python ${version}.`,
      command: [...runner(context, version), 'pytest'],
      env: { UV_PROJECT_ENVIRONMENT: `.venv-${version}` },
    }
  }
  if (measuredBy !== undefined) {
    const folder = 'dist/{projectName}/coverage{language}'
    const report = `${folder}/lcov.info`
    plans['coverage'] = {
      ...test,
      tests: { ...judged, report },
      description: 'Run the tests with pytest and write their coverage as LCOV.',
      command: [...runner(context), 'pytest', '--cov', '--cov-branch', `--cov-report=lcov:${toWorkspace(manifest)}${report}`],
      outputs: [`{workspaceRoot}/${folder}`],
    }
  }
  return plans
}

function products(manifest: Manifest, context: TargetContext): Record<string, Plan> {
  const plans: Record<string, Plan> = {}
  const folder = `${toWorkspace(manifest)}dist/{projectName}`
  const build = buildCommand(manifest, context, folder)
  if (build !== undefined) {
    plans['build'] = { description: 'Build the wheel.', command: build, outputs: ['{workspaceRoot}/dist/{projectName}/*.whl'] }
  }
  if (build !== undefined && isMaturin(manifest)) {
    const pip = usesUv(context)
      ? ['uv', 'pip', 'install', '--reinstall']
      : ['python', '-m', 'pip', 'install', '--upgrade', '--force-reinstall']
    plans['install'] = {
      description: 'Unpack the built wheel where the projects that depend on it find it.',
      command: [...pip, '--no-deps', '--no-index', '--find-links', folder, '--target', `${folder}/site`, manifest.name ?? ''],
      outputs: ['{workspaceRoot}/dist/{projectName}/site'],
      dependsOn: ['build'],
    }
  }
  const module = modulePath(manifest)
  // pdoc imports the package, and an unpacked wheel is on no path but pytest's.
  if (module !== undefined && !context.needsWheel && dependsOnTool(manifest, context, 'pdoc')) {
    plans['api-docs'] = {
      description: 'Write the API pages with pdoc.',
      command: [...runner(context), 'pdoc', '--output-directory', `${folder}/api-docs`, module],
      outputs: ['{workspaceRoot}/dist/{projectName}/api-docs'],
    }
  }
  return plans
}

function buildCommand(manifest: Manifest, context: TargetContext, folder: string): string[] | undefined {
  if (!manifest.hasBuildSystem) return undefined
  const run = runner(context)
  if (isMaturin(manifest) && dependsOnTool(manifest, context, 'maturin'))
    return [...run, 'maturin', 'build', '--release', '--out', folder]
  if (manifest.backend === 'hatchling.build' && dependsOnTool(manifest, context, 'hatchling')) {
    return [...run, 'hatchling', 'build', '-t', 'wheel', '-d', folder]
  }
  if (usesUv(context)) return ['uv', 'build', '--wheel', '--out-dir', folder]
  if (context.lock?.kind === 'poetry') return ['poetry', 'build', '--format', 'wheel', '--output', folder]
  return dependsOnTool(manifest, context, 'build') ? [...run, 'build', '--wheel', '--outdir', folder] : undefined
}

function wheels({ needsWheel }: TargetContext): string[] {
  return needsWheel ? ['^build', '^install'] : []
}

function hasTool(manifest: Manifest, context: TargetContext, tool: string): boolean {
  return dependsOnTool(manifest, context, tool) || isConfigured(manifest, tool) || hasConfigFile(manifest, context, tool)
}

function dependsOnTool(manifest: Manifest, { workspace, isLocked }: TargetContext, tool: string): boolean {
  return manifest.installs.has(tool) || isLocked(tool) || workspace?.root.grouped.some((item) => item.name === tool) === true
}

function isConfigured(manifest: Manifest, tool: string): boolean {
  return tableAt(manifest.table, ['tool', tool]) !== undefined
}

function hasConfigFile(manifest: Manifest, { paths }: TargetContext, tool: string): boolean {
  return (CONFIG_FILES[tool] ?? []).some((file) => paths.has(posix.join(manifest.root, file)))
}

function configuresRuffFormat(manifest: Manifest, { workspace }: TargetContext): boolean {
  const tables = [manifest.table, ...[workspace?.root.table ?? []].flat()]
  return tables.some((table) => tableAt(table, ['tool', 'ruff', 'format']) !== undefined)
}

/** The package's folder where the back end's configuration names one; a guess would document nothing. */
function modulePath(manifest: Manifest): string | undefined {
  const hatch = stringsAt(manifest.table, ['tool', 'hatch', 'build', 'targets', 'wheel', 'packages'])?.[0]
  return hatch !== undefined && /^[A-Za-z0-9_][A-Za-z0-9_/.-]*$/.test(hatch) ? `./${hatch}` : undefined
}

function toWorkspace(manifest: Manifest): string {
  return manifest.root === '.' ? '' : '../'.repeat(manifest.root.split('/').length)
}

function renamed(name: string, options: ReaderOptions): string | undefined {
  const chosen = options.targets[name]
  return chosen === false ? undefined : (chosen ?? name)
}

function complete(plan: Plan, { root, options }: { root: string; options: ReaderOptions }): TargetPlan {
  const dependsOn = (plan.dependsOn ?? []).flatMap((target) => {
    const deep = target.startsWith('^')
    const shown = renamed(deep ? target.slice(1) : target, options)
    return shown === undefined ? [] : [`${deep ? '^' : ''}${shown}`]
  })
  return { cwd: root, env: {}, tests: undefined, reads: 'dependencies', outputs: [], cache: true, ...plan, dependsOn }
}
