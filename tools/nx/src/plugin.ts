import { assertNxSupported } from '@interlock/kit/nx'
import type { CreateDependencies, CreateNodes } from '@nx/devkit'
import { PLUGIN_NAME, REGISTERED_GLOB } from './core/config-files.ts'
import { createDependencies as dependenciesOf, createNodes as findNodes } from './io/nodes.ts'

assertNxSupported()

/** The plugin that nx.json names: one task graph over Rust, Python, TypeScript and docs. */
export const name: string = PLUGIN_NAME

/** Finds the projects. Throws `InterlockError` that names the file, the place and the reason. */
export const createNodes: CreateNodes = [REGISTERED_GLOB, findNodes]

/** Finds the edges between the projects and to their external packages. */
export const createDependencies: CreateDependencies = dependenciesOf

export { postTasksExecution, preTasksExecution } from './io/hooks.ts'
