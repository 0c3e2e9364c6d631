/** What `nvidia-smi` says about a machine. */
export interface GpuReading {
  /** Its plain output, which names the newest CUDA that the driver can run. */
  readonly overview: string
  /** `--query-gpu=name,driver_version,memory.total --format=csv,noheader,nounits`. */
  readonly listing: string
}

export interface Gpu {
  readonly name: string
  readonly driver: string
  /** MiB, all of it. */
  readonly memory: number
}

export interface GpuVerdict {
  readonly gpus: readonly Gpu[]
  /** `12.4`; `undefined` where the driver names none. */
  readonly cuda: string | undefined
  /** Empty where the machine is fit. */
  readonly missing: readonly string[]
}

/** The oldest CUDA that will do. */
const LEAST_CUDA = 12

/** Whether a machine can run what needs a GPU. What cannot be read is missing. */
export function judgeGpu({ overview, listing }: GpuReading): GpuVerdict {
  const gpus = listing.split('\n').flatMap((line): Gpu[] => {
    const [name = '', driver = '', memory = ''] = line.split(',').map((cell) => cell.trim())
    return name !== '' && driver !== '' && /^[1-9][0-9]*$/u.test(memory) ? [{ name, driver, memory: Number(memory) }] : []
  })
  const cuda = /CUDA(?: UMD)? Version\s*:\s*(\d+\.\d+)/u.exec(overview)?.[1]
  const missing = [
    ...(gpus.length === 0 ? ['an NVIDIA GPU: nvidia-smi lists none'] : []),
    ...(cuda === undefined ? [`CUDA ${LEAST_CUDA}.0: nvidia-smi names no version`] : []),
    ...(cuda !== undefined && Number.parseInt(cuda, 10) < LEAST_CUDA
      ? [`CUDA ${LEAST_CUDA}.0: the driver can run no newer one than ${cuda}`]
      : []),
  ]
  return { gpus, cuda, missing }
}
