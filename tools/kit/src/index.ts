export { EXIT, classOf, type ErrorClass, type ErrorCode, type ExitStatus } from './core/error-codes.ts'
export { InterlockError, type ErrorDetails } from './core/error.ts'
export type * from './core/graph.ts'
