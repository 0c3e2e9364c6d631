import { expect, it } from 'vitest'
import { judgeGpu } from './gpu.ts'

const OVERVIEW = `
+-----------------------------------------------------------------------------------------+
| NVIDIA-SMI 550.90.07              Driver Version: 550.90.07      CUDA Version: 12.4     |
|-----------------------------------------+------------------------+----------------------+`
const LISTING = 'NVIDIA H100 80GB HBM3, 550.90.07, 81559\n'

const gpu = { name: 'NVIDIA H100 80GB HBM3', driver: '550.90.07', memory: 81559 }

it('a GPU with a driver for CUDA 12 is fit', () => {
  expect(judgeGpu({ overview: OVERVIEW, listing: `${LISTING}${LISTING}` })).toEqual({
    gpus: [gpu, gpu],
    cuda: '12.4',
    missing: [],
  })
})

it('a driver that is too old is named with what it can run', () => {
  const { missing } = judgeGpu({ overview: OVERVIEW.replace('12.4', '11.8'), listing: LISTING })
  expect(missing).toEqual(['CUDA 12.0: the driver can run no newer one than 11.8'])
})

it('a machine without a GPU, and words that say nothing, are not fit', () => {
  const { missing } = judgeGpu({ overview: 'No devices were found', listing: '[Insufficient Permissions], [N/A], [N/A]\n' })
  expect(missing).toEqual(['an NVIDIA GPU: nvidia-smi lists none', 'CUDA 12.0: nvidia-smi names no version'])
})
