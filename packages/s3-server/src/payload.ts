import { decodeAwsChunked } from "./aws-chunked.ts";
import {
  algorithms,
  createHasher,
  cryptoHasher,
  isAlgorithm,
  type Checksum,
  type ChecksumAlgorithm,
  type Hasher,
} from "./checksums.ts";
import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";

/** What is known of a body once all of it has been read and found as declared. */
interface Received {
  readonly size: number;
  readonly md5: Buffer;
  /** The client's, or the one that was asked for. */
  readonly checksum: Checksum | undefined;
}

/** The body of an upload: bytes without aws-chunked framing, and the check that they are what the client declared. */
export class Payload {
  readonly #request: S3Request;
  readonly #algorithm: ChecksumAlgorithm | undefined;
  readonly #hashers = new Map<string, Hasher>([["md5", cryptoHasher("md5")]]);
  readonly #trailers = new Map<string, string>();
  #size = 0;

  /** `wanted` is computed where the client declares no checksum of its own. */
  constructor(request: S3Request, wanted?: ChecksumAlgorithm) {
    this.#request = request;
    if (request.header("content-length") === undefined && decodedLength(request) === undefined) {
      throw new S3Error("MissingContentLength");
    }
    this.#algorithm = declaredAlgorithm(request) ?? wanted;
    if (this.#algorithm !== undefined) this.#hashers.set(this.#algorithm, createHasher(this.#algorithm));
    if (declaredSha256(request) !== undefined) this.#hashers.set("sha256", cryptoHasher("sha256"));
  }

  async *chunks(): AsyncGenerator<Buffer> {
    const { body } = this.#request;
    for await (const chunk of isAwsChunked(this.#request) ? decodeAwsChunked(body, this.#trailers) : body) {
      this.#size += chunk.length;
      for (const hasher of this.#hashers.values()) hasher.update(chunk);
      yield chunk;
    }
  }

  /** To be called once, after the last chunk. Throws IncompleteBody, BadDigest or their kin. */
  verify(): Received {
    if (this.#size !== (decodedLength(this.#request) ?? this.#size)) throw new S3Error("IncompleteBody");
    const digests = new Map([...this.#hashers].map(([name, hasher]) => [name, hasher.digest()]));
    const md5 = digests.get("md5") ?? Buffer.alloc(0);
    checkMd5(this.#request, md5);
    const declared = declaredSha256(this.#request);
    if (declared !== undefined && digests.get("sha256")?.toString("hex") !== declared) {
      throw new S3Error("XAmzContentSHA256Mismatch");
    }
    return { size: this.#size, md5, checksum: this.#checkedChecksum(digests) };
  }

  #checkedChecksum(digests: ReadonlyMap<string, Buffer>): Checksum | undefined {
    if (this.#algorithm === undefined) return undefined;
    const value = digests.get(this.#algorithm)?.toString("base64") ?? "";
    const name = `x-amz-checksum-${this.#algorithm}`;
    const declared = this.#request.header(name) ?? this.#trailers.get(name);
    if (declared === undefined && this.#request.header("x-amz-trailer") === name)
      throw new S3Error("MalformedTrailerError");
    if (declared !== undefined && declared !== value) {
      const algorithm = this.#algorithm.toUpperCase();
      throw new S3Error("BadDigest", {
        message: `The ${algorithm} you specified did not match the calculated checksum.`,
      });
    }
    return { algorithm: this.#algorithm, value, type: "FULL_OBJECT" };
  }
}

/** A small document, verified like any upload. */
export async function readText(request: S3Request): Promise<string> {
  const maxBytes = 4 * 1024 * 1024;
  const payload = new Payload(request);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload.chunks()) {
    size += chunk.length;
    if (size > maxBytes) throw new S3Error("MalformedXML", { message: `The document exceeds ${maxBytes} bytes.` });
    chunks.push(chunk);
  }
  payload.verify();
  return Buffer.concat(chunks).toString();
}

function checkMd5(request: S3Request, actual: Buffer): void {
  const header = request.header("content-md5");
  if (header === undefined) return;
  const declared = Buffer.from(header, "base64");
  if (declared.length !== actual.length) throw new S3Error("InvalidDigest");
  if (!declared.equals(actual)) throw new S3Error("BadDigest");
}

function isAwsChunked(request: S3Request): boolean {
  return request.header("x-amz-content-sha256")?.startsWith("STREAMING-") === true;
}

function decodedLength(request: S3Request): number | undefined {
  const header = request.header("x-amz-decoded-content-length");
  return header === undefined ? undefined : Number(header);
}

function declaredSha256(request: S3Request): string | undefined {
  const header = request.header("x-amz-content-sha256") ?? "";
  return /^[0-9a-f]{64}$/.test(header) ? header : undefined;
}

/** Whose checksum a request that brings no bytes wants, as an upload in parts or a copy. Throws InvalidRequest. */
export function wantedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const algorithm = request.header("x-amz-checksum-algorithm")?.toLowerCase();
  if (algorithm === undefined || isAlgorithm(algorithm)) return algorithm;
  throw new S3Error("InvalidRequest", { message: `Unknown checksum ${algorithm}.` });
}

/** Whose checksum the client sends, in a header or behind the body. */
export function declaredAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const trailer = request.header("x-amz-trailer");
  return algorithms.find((name) => {
    const header = `x-amz-checksum-${name}`;
    return request.header(header) !== undefined || trailer === header;
  });
}
