import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { crc32c, crc64nvme } from "./crc.ts";

export interface Hasher {
  update(chunk: Buffer): void;
  digest(): Buffer;
}

/** S3's checksum algorithms, as the headers `x-amz-checksum-*` spell them. */
const hashers = {
  crc32: () => new Crc32(),
  crc32c,
  crc64nvme,
  sha1: () => cryptoHasher("sha1"),
  sha256: () => cryptoHasher("sha256"),
} as const satisfies Record<string, () => Hasher>;

export type ChecksumAlgorithm = keyof typeof hashers;

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; a composite one is followed by `-` and the number of parts. */
  readonly value: string;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

export const algorithms = Object.keys(hashers).filter(isAlgorithm);

export function isAlgorithm(name: string): name is ChecksumAlgorithm {
  return Object.hasOwn(hashers, name);
}

export function createHasher(algorithm: ChecksumAlgorithm): Hasher {
  return hashers[algorithm]();
}

export function cryptoHasher(name: "md5" | "sha1" | "sha256"): Hasher {
  return createHash(name);
}

export function digestOf(hasher: Hasher, bytes: Buffer): Buffer {
  hasher.update(bytes);
  return hasher.digest();
}

/** The same chunks, each seen by the hasher on its way. */
export async function* watched(chunks: AsyncIterable<Buffer>, hasher: Hasher | undefined): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hasher?.update(chunk);
    yield chunk;
  }
}

/** The element of S3's XML, e.g. `ChecksumCRC32`. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm.toUpperCase()}`;
}

/** What an answer's XML says of an object's checksum. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (checksum === undefined) return {};
  return { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, "x-amz-checksum-type": checksum.type };
}

class Crc32 implements Hasher {
  #value = 0;

  update(chunk: Buffer): void {
    this.#value = crc32(chunk, this.#value);
  }

  digest(): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes;
  }
}
