export { readPython } from './core/reader.ts'
