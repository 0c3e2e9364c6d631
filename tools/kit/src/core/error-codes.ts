/** Exit statuses of every `interlock` verb and report. */
export const EXIT = {
  done: 0,
  checkFailed: 1,
  usage: 2,
  inconclusive: 3,
  conflict: 4,
  refused: 5,
  environment: 6,
} as const

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

export interface ErrorClass {
  readonly exit: ExitStatus
  /** Whether the same command may succeed when it is run again without any change. */
  readonly retryable: boolean
}

const CLASSES = {
  check: { exit: EXIT.checkFailed, retryable: false },
  conflict: { exit: EXIT.conflict, retryable: true },
  environment: { exit: EXIT.environment, retryable: false },
  transient: { exit: EXIT.environment, retryable: true },
  usage: { exit: EXIT.usage, retryable: false },
} satisfies Record<string, ErrorClass>

/** The class of every error code. Sorted. */
const CODES = {
  BASE_EMPTY: 'usage',
  BASE_UNREACHABLE: 'usage',
  CACHE_AUDIT_BROKEN: 'check',
  CACHE_KEYS_UNFIT: 'environment',
  CACHE_POLICY_INVALID: 'usage',
  CACHE_POLICY_UNSAFE: 'check',
  CACHE_PORT_IN_USE: 'environment',
  CACHE_REFUSED: 'environment',
  CACHE_STORE_LOCKED: 'conflict',
  CACHE_STORE_UNFIT: 'environment',
  CACHE_UNREACHABLE: 'transient',
  CARGO_LOCK_INCOMPLETE: 'usage',
  CARGO_LOCK_TOO_NEW: 'usage',
  CARGO_LOCK_UNREADABLE: 'usage',
  CARGO_MANIFEST_UNREADABLE: 'usage',
  CARGO_PATH_OUTSIDE: 'usage',
  CARGO_WORKSPACE_INVALID: 'usage',
  CONFIG_INVALID: 'usage',
  EDIT_CONFLICT: 'conflict',
  FILE_CHANGED: 'transient',
  FILE_UNREADABLE: 'environment',
  FOLDER_NOT_WRITABLE: 'environment',
  GITHUB_REFUSED: 'environment',
  GITHUB_UNREACHABLE: 'transient',
  GIT_FAILED: 'environment',
  GRAPH_CYCLE: 'usage',
  GRAPH_EDGE_UNKNOWN: 'usage',
  GRAPH_EMPTY: 'usage',
  GRAPH_NAME_DUPLICATE: 'usage',
  GRAPH_NAME_UNSAFE: 'usage',
  IMAGE_BROKEN: 'check',
  IMAGE_LIBRARY_MISSING: 'environment',
  IMAGE_PLATFORM_UNFIT: 'environment',
  IMAGE_PROGRAM_MISSING: 'environment',
  NO_TESTS: 'check',
  NX_FAILED: 'check',
  NX_TOO_OLD: 'environment',
  PLAN_OF_OTHER_COMMIT: 'usage',
  PROCESS_FAILED: 'check',
  PROCESS_TIMED_OUT: 'transient',
  PROJECT_UNKNOWN: 'usage',
  PYTHON_LOCK_INCOMPLETE: 'usage',
  PYTHON_LOCK_TOO_NEW: 'usage',
  PYTHON_LOCK_UNREADABLE: 'usage',
  PYTHON_MANIFEST_UNREADABLE: 'usage',
  PYTHON_PATH_OUTSIDE: 'usage',
  PYTHON_WORKSPACE_INVALID: 'usage',
  TARGET_EXECUTOR_REFUSED: 'usage',
  TARGET_UNKNOWN: 'usage',
  TOOL_MISSING: 'environment',
  USAGE: 'usage',
  VERBS_UNREADABLE: 'environment',
  WORKSPACE_MISSING: 'usage',
} as const

export type ErrorCode = keyof typeof CODES

/** Exit status of an error code, and whether a retry can help. */
export function classOf(code: ErrorCode): ErrorClass {
  return CLASSES[CODES[code]]
}
