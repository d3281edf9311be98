const single = new Float32Array(1);
const bitsOfSingle = new Uint32Array(single.buffer);

/** The least that has an exponent of its own, and the steps below it. */
const LEAST_NORMAL = 2 ** -14;
const STEP = 2 ** -24;
/** From here on, rounding gives infinity. */
const TOO_LARGE = 65_520;

/** The bits of a number of half precision, which JavaScript has no arrays of before Node 24. Rounded to the nearest, of two as near to the even one. */
export function toHalf(value: number): number {
  single[0] = value;
  const rounded = Math.fround(value);
  const [bits = 0] = bitsOfSingle;
  const sign = (bits >>> 16) & 0x80_00;
  const size = Math.abs(rounded);
  if (Number.isNaN(rounded)) return 0x7e_00;
  if (size >= TOO_LARGE) return sign | 0x7c_00;
  if (size < LEAST_NORMAL) return sign | roundToEven(size / STEP);
  const magnitude = bits & 0x7f_ff_ff_ff;
  return sign | ((magnitude - (112 << 23) + 0xf_ff + ((magnitude >>> 13) & 1)) >>> 13);
}

export function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3_ff];
  const sign = bits & 0x80_00 ? -1 : 1;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent ? (1 + fraction / 2 ** 10) * 2 ** (exponent - 15) : fraction * STEP);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
