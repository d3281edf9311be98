import type { Hasher } from "./checksums.ts";

/** CRC-32C (Castagnoli). */
export const crc32c = (): Hasher => new ReflectedCrc(castagnoli);
/** CRC-64/NVME, the AWS CLI's default. */
export const crc64nvme = (): Hasher => new ReflectedCrc(nvme);

/** A 64-bit register as two halves: BigInt arithmetic would be ten times slower. 32-bit CRCs leave `high` at zero. */
interface CrcTable {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly ones: bigint;
  readonly bytes: 4 | 8;
}

const castagnoli = buildTable(0x82f63b78n, 4);
const nvme = buildTable(0x9a6c9329ac4bc9b5n, 8);

function buildTable(polynomial: bigint, bytes: 4 | 8): CrcTable {
  const low = new Uint32Array(256);
  const high = new Uint32Array(256);
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = (value & 1n) === 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    low[index] = Number(value & 0xffffffffn);
    high[index] = Number(value >> 32n);
  }
  return { low, high, ones: (1n << BigInt(bytes * 8)) - 1n, bytes };
}

class ReflectedCrc implements Hasher {
  readonly #table: CrcTable;
  #low: number;
  #high: number;

  constructor(table: CrcTable) {
    this.#table = table;
    this.#low = Number(table.ones & 0xffffffffn);
    this.#high = Number(table.ones >> 32n);
  }

  update(chunk: Buffer): void {
    const { low: lowTable, high: highTable } = this.#table;
    let low = this.#low;
    let high = this.#high;
    for (const byte of chunk) {
      const index = (low ^ byte) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ (lowTable[index] ?? 0);
      high = (high >>> 8) ^ (highTable[index] ?? 0);
    }
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }

  digest(): Buffer {
    const register = ((BigInt(this.#high) << 32n) | BigInt(this.#low)) ^ this.#table.ones;
    return Buffer.from(register.toString(16).padStart(this.#table.bytes * 2, "0"), "hex");
  }
}
