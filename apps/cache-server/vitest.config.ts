import { defineConfig } from 'vitest/config'
import { vitestProject } from '../../vitest.shared.ts'

export default defineConfig(vitestProject('apps/cache-server'))
