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

// low + middle * 2^21 + high * 2^42 modulo MODULUS.
__device__ __forceinline__ u64 reduce(u64 low, u64 middle, u64 high) {
  u64 sum = times(low, 1, ONE_SHOUP) + times(middle, 1ULL << 21, MIDDLE_SHOUP)
          + times(high, HIGH, HIGH_SHOUP);
  return subtract_once(subtract_once(subtract_once(sum, 4 * MODULUS), 2 * MODULUS), MODULUS);
}

// Every thread owns one coefficient of some blocks of rows and some queries.
//
// A value travels as its lower 21 and upper 20 bits in one 64-bit word. The products of such
// halves have 42 bits, so that 4096 of them (and twice as many in the middle) are summed up in
// 64 bits without a carry: one multiply-add instruction each.
//
//   entries  [block][group][coefficient]
//   queries  [query][group][mask, body][coefficient]
//   sums     [query][block][mask, body][coefficient]
template <int QUERIES, int BLOCKS>
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
  u64 low[QUERIES][BLOCKS][2] = {}, middle[QUERIES][BLOCKS][2] = {}, high[QUERIES][BLOCKS][2] = {};

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
          middle[query][block][part] += (u64)value.x * entry[block].y;
          middle[query][block][part] += (u64)value.y * entry[block].x;
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
              low[query][block][part], middle[query][block][part], high[query][block][part]);
        }
      }
    }
  }
}

#define MULTIPLY(QUERIES, BLOCKS)                                                           \
  extern "C" __global__ void __launch_bounds__(128) multiply_##QUERIES##x##BLOCKS(          \
      const uint2* entries, const uint2* queries, u64* sums, u32 groups, u32 blocks) {      \
    multiply<QUERIES, BLOCKS>(entries, queries, sums, groups, blocks);                      \
  }

MULTIPLY(1, 1)
MULTIPLY(1, 4)
MULTIPLY(4, 2)

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

// One polynomial for each thread block: the inverse transform in shared memory, then 32 bits.
//
//   zetas    [DEGREE] pairs of a factor and its Shoup quotient, in the order of use
//   masks    [query][block][coefficient]
//   bodies   [query][row], only the coefficients that hold a score
extern "C" __global__ void __launch_bounds__(256) finish(
    const u64* __restrict__ sums, const ulonglong2* __restrict__ zetas, u32* __restrict__ masks,
    u32* __restrict__ bodies, u32 blocks, u32 group) {
  __shared__ u64 values[DEGREE];
  const u32 block = blockIdx.x, part = blockIdx.y, query = blockIdx.z;
  const u64 polynomial = (u64)query * blocks + block;
  const u64* from = sums + (polynomial * 2 + part) * DEGREE;
  for (u32 at = threadIdx.x; at < DEGREE; at += blockDim.x) {
    values[at] = from[at];
  }
  __syncthreads();

  u32 first = 0;
  for (u32 length = 1; length < DEGREE; length *= 2) {
    for (u32 butterfly = threadIdx.x; butterfly < DEGREE / 2; butterfly += blockDim.x) {
      const u32 chunk = butterfly / length;
      const u32 left = chunk * 2 * length + butterfly % length;
      const ulonglong2 zeta = __ldg(zetas + first + chunk);
      const u64 x = values[left], y = values[left + length];
      values[left] = subtract_once(x + y, 2 * MODULUS);
      values[left + length] = times(x + 2 * MODULUS - y, zeta.x, zeta.y);
    }
    first += DEGREE / 2 / length;
    __syncthreads();
  }

  for (u32 at = threadIdx.x; at < DEGREE; at += blockDim.x) {
    const u64 value = times(values[at], INVERSE_DEGREE, INVERSE_DEGREE_SHOUP);
    const u32 scaled = down32(subtract_once(value, MODULUS));
    if (part == 0) {
      masks[polynomial * DEGREE + at] = scaled;
    } else if (at % group == group - 1) {
      bodies[polynomial * (DEGREE / group) + at / group] = scaled;
    }
  }
}
