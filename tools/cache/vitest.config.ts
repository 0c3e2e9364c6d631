import { defineConfig, mergeConfig } from 'vitest/config'
import { vitestProjectWithCore } from '../../vitest.shared.ts'

/** They run in processes of their own, Nx's and the shield's, which the tests start for real and V8's coverage does not see. */
const ELSEWHERE = ['src/hook.ts', 'src/shield.ts', 'src/io/shield/main.ts']

export default defineConfig(mergeConfig(vitestProjectWithCore('cache'), { test: { coverage: { exclude: ELSEWHERE } } }))
