// The product of an encrypted vector and a matrix, bit for bit what kernel.rs and products.rs do.
//
// DEGREE, MODULUS, SCALE, the pairs FACTOR and FACTOR_SHOUP of Shoup multiplications and
// INVERSE_DEGREE are defined by source.rs, so that there is one place for each constant.

typedef unsigned int u32;
typedef unsigned long long u64;

// value * factor modulo MODULUS, plus at most one MODULUS; any value is allowed.
__device__ __forceinline__ u64 times(u64 value, u64 factor, u64 factor_shoup) {
  return value * factor - __umul64hi(value, factor_shoup) * MODULUS;
}

__device__ __forceinline__ u64 subtract_once(u64 value, u64 modulus) {
  return min(value, value - modulus);
}

// low + middle * 2^21 + high * 2^42 modulo MODULUS, where cross is the sum of all three.
__device__ __forceinline__ u64 reduce(u64 low, u64 cross, u64 high) {
  const u64 middle = cross - low - high;
  u64 sum = times(low, 1, ONE_SHOUP) + times(middle, 1ULL << 21, MIDDLE_SHOUP)
          + times(high, HIGH, HIGH_SHOUP);
  return subtract_once(subtract_once(subtract_once(sum, 4 * MODULUS), 2 * MODULUS), MODULUS);
}

// Every thread owns one coefficient of some blocks of rows and some queries.
//
// A value travels as its lower 21 and upper 20 bits in one 64-bit word. Products of such halves, and
// of their sums, have at most 44 bits, so that 4096 of them are summed up in 64 bits without a
// carry: one multiply-add instruction each, and three of them for a product (Karatsuba's way).
//
//   entries  [block][group][coefficient]
//   queries  [query][group][mask, body][coefficient]
//   sums     [query][block][mask, body][coefficient]
template <int QUERIES, int BLOCKS, int UNROLL>
__device__ __forceinline__ void multiply(
    const uint2* __restrict__ entries, const uint2* __restrict__ queries, u64* __restrict__ sums,
    u32 groups, u32 blocks) {
  const u32 coefficient = blockIdx.x * blockDim.x + threadIdx.x;
  const u32 first = blockIdx.y * BLOCKS;
  const uint2* row[BLOCKS];
#pragma unroll
  for (int block = 0; block < BLOCKS; block++) {
    // Past the last block the last one is computed again, and not stored.
    row[block] = entries + (u64)min(first + block, blocks - 1) * groups * DEGREE + coefficient;
  }
  u64 low[QUERIES][BLOCKS][2] = {}, cross[QUERIES][BLOCKS][2] = {}, high[QUERIES][BLOCKS][2] = {};

#pragma unroll UNROLL
  for (u32 group = 0; group < groups; group++) {
    uint2 entry[BLOCKS];
#pragma unroll
    for (int block = 0; block < BLOCKS; block++) {
      entry[block] = __ldcs(row[block] + (u64)group * DEGREE);
    }
#pragma unroll
    for (int query = 0; query < QUERIES; query++) {
#pragma unroll
      for (int part = 0; part < 2; part++) {
        const u64 at = (((u64)query * groups + group) * 2 + part) * DEGREE + coefficient;
        const uint2 value = __ldg(queries + at);
#pragma unroll
        for (int block = 0; block < BLOCKS; block++) {
          low[query][block][part] += (u64)value.x * entry[block].x;
          cross[query][block][part] += (u64)(value.x + value.y) * (entry[block].x + entry[block].y);
          high[query][block][part] += (u64)value.y * entry[block].y;
        }
      }
    }
  }

#pragma unroll
  for (int query = 0; query < QUERIES; query++) {
#pragma unroll
    for (int block = 0; block < BLOCKS; block++) {
      if (first + block < blocks) {
#pragma unroll
        for (int part = 0; part < 2; part++) {
          const u64 at = (((u64)query * blocks + first + block) * 2 + part) * DEGREE + coefficient;
          sums[at] = reduce(
              low[query][block][part], cross[query][block][part], high[query][block][part]);
        }
      }
    }
  }
}

// The numbers of blocks and of iterations at a time are those that were fastest on an H100.
extern "C" __global__ void __launch_bounds__(128) multiply_1(
    const uint2* entries, const uint2* queries, u64* sums, u32 groups, u32 blocks) {
  multiply<1, 1, 8>(entries, queries, sums, groups, blocks);
}

extern "C" __global__ void __launch_bounds__(128) multiply_4(
    const uint2* entries, const uint2* queries, u64* sums, u32 groups, u32 blocks) {
  multiply<4, 2, 1>(entries, queries, sums, groups, blocks);
}

// round(value * 2^32 / MODULUS) modulo 2^32.
__device__ __forceinline__ u32 down32(u64 value) {
  u64 quotient = __umul64hi(value, SCALE);
  u64 remainder = (value << 32) - quotient * MODULUS;
  if (remainder >= MODULUS) {
    remainder -= MODULUS;
    quotient++;
  }
  return (u32)(quotient + (remainder > MODULUS / 2));
}

// Where an element is kept in shared memory: a gap after every eight keeps the banks apart.
__device__ __forceinline__ u32 place(u32 at) {
  return at + at / 8;
}

// Some stages of the inverse transform, from butterflies of this length on, over values that are
// this length apart; `high` is the index of the first one without the bits below the length.
template <int STAGES, u32 LENGTH>
__device__ __forceinline__ void stages(
    u64 (&values)[1 << STAGES], const ulonglong2* __restrict__ zetas, u32 high) {
#pragma unroll
  for (int stage = 0; stage < STAGES; stage++) {
    const ulonglong2* factors = zetas + (DEGREE - DEGREE / (LENGTH << stage));
#pragma unroll
    for (int left = 0; left < 1 << STAGES; left++) {
      if ((left >> stage) % 2 == 0) {
        const int right = left + (1 << stage);
        const ulonglong2 zeta = __ldg(factors + ((high + left) >> (stage + 1)));
        const u64 x = values[left], y = values[right];
        values[left] = subtract_once(x + y, 2 * MODULUS);
        values[right] = times(x + 2 * MODULUS - y, zeta.x, zeta.y);
      }
    }
  }
}

// Three stages for eight values of every thread, which end in shared memory.
template <u32 LENGTH>
__device__ __forceinline__ void three_stages(
    const u64* __restrict__ from, u64* shared, const ulonglong2* __restrict__ zetas) {
  const u32 low = threadIdx.x % LENGTH, high = threadIdx.x / LENGTH * 8;
  u64 values[8];
#pragma unroll
  for (int index = 0; index < 8; index++) {
    const u32 at = (high + index) * LENGTH + low;
    values[index] = LENGTH == 1 ? from[at] : shared[place(at)];
  }
  stages<3, LENGTH>(values, zetas, high);
#pragma unroll
  for (int index = 0; index < 8; index++) {
    shared[place((high + index) * LENGTH + low)] = values[index];
  }
  __syncthreads();
}

// One polynomial for each thread block: the inverse transform, then 32 bits. Every thread has eight
// values in registers for three stages, and shared memory is crossed between those.
//
//   zetas    [DEGREE] pairs of a factor and its Shoup quotient, in the order of use
//   masks    [query][block][coefficient]
//   bodies   [query][row], only the coefficients that hold a score
extern "C" __global__ void __launch_bounds__(DEGREE / 8) finish(
    const u64* __restrict__ sums, const ulonglong2* __restrict__ zetas, u32* __restrict__ masks,
    u32* __restrict__ bodies, u32 blocks, u32 group) {
  __shared__ u64 shared[DEGREE + DEGREE / 8];
  const u32 block = blockIdx.x, part = blockIdx.y, query = blockIdx.z;
  const u64 polynomial = (u64)query * blocks + block;
  const u64* from = sums + (polynomial * 2 + part) * DEGREE;

  three_stages<1>(from, shared, zetas);
  three_stages<8>(from, shared, zetas);
  three_stages<64>(from, shared, zetas);
  for (u32 low = threadIdx.x; low < 512; low += blockDim.x) {
    u64 last[4];
#pragma unroll
    for (int index = 0; index < 4; index++) {
      last[index] = shared[place(index * 512 + low)];
    }
    stages<2, 512>(last, zetas, 0);
#pragma unroll
    for (int index = 0; index < 4; index++) {
      const u32 at = index * 512 + low;
      const u64 value = times(last[index], INVERSE_DEGREE, INVERSE_DEGREE_SHOUP);
      const u32 scaled = down32(subtract_once(value, MODULUS));
      if (part == 0) {
        masks[polynomial * DEGREE + at] = scaled;
      } else if (at % group == group - 1) {
        bodies[polynomial * (DEGREE / group) + at / group] = scaled;
      }
    }
  }
}
