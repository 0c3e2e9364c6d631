import { defineConfig } from 'vitest/config'
import { vitestProjectWithCore } from '../../vitest.shared.ts'

export default defineConfig(vitestProjectWithCore('cargo'))
