import type { FileHandle } from "node:fs/promises";
import { BundleError, messageOf } from "./errors.ts";

/** A span of a file's bytes, `end` not counted in. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A field of a message in protobuf's wire format: the whole of it, and what stands behind its tag and length. */
export interface Field extends Span {
  readonly number: number;
  readonly content: Span;
}

const WINDOW_BYTES = 2 ** 16;
/** A tag and a length, each a varint of up to ten bytes. */
const HEADER_BYTES = 20;

/** Walks through a protobuf file without reading what is skipped: a model's weights may be most of 2 GB. */
export class WireFile {
  readonly #file: FileHandle;
  readonly #path: string;
  #window: Buffer = Buffer.of();
  #windowStart = 0;

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** The fields of the message that a span holds. @throws {BundleError} `invalid_import`, `missing_file` */
  async *fields({ start, end }: Span): AsyncGenerator<Field, void, undefined> {
    for (let at = start; at < end;) {
      const header = await this.bytes({ start: at, end: Math.min(end, at + HEADER_BYTES) });
      const field = readField(header, at);
      if (field.end > end) throw malformed();
      yield field;
      at = field.end;
    }
  }

  async bytes({ start, end }: Span): Promise<Buffer> {
    if (start < this.#windowStart || end > this.#windowStart + this.#window.length) {
      this.#window = await this.#read(start, Math.max(WINDOW_BYTES, end - start));
      this.#windowStart = start;
    }
    const bytes = this.#window.subarray(start - this.#windowStart, end - this.#windowStart);
    if (bytes.length < end - start) throw malformed();
    return bytes;
  }

  /** A window is never written again: what was taken of it stays. */
  async #read(start: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    let at = 0;
    for (let read = 1; read > 0 && at < length; at += read) {
      read = (await this.#file.read(bytes, at, length - at, start + at).catch(this.#unread)).bytesRead;
    }
    return bytes.subarray(0, at);
  }

  readonly #unread = (cause: unknown): never => {
    throw new BundleError("missing_file", `${this.#path} can't be read: ${messageOf(cause)}`, { cause });
  };
}

/** A field of bytes or of a message. */
export function encodeField(number: number, contents: readonly Uint8Array[]): Buffer {
  const length = contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return Buffer.concat([encodeVarint(number * 8 + 2), encodeVarint(length), ...contents]);
}

function readField(header: Buffer, start: number): Field {
  const tag = readVarint(header, 0);
  const number = Math.floor(tag.value / 8);
  const fieldOf = (from: number, length: number): Field => {
    const content = { start: start + from, end: start + from + length };
    return { number, start, end: content.end, content };
  };
  switch (tag.value % 8) {
    case 0:
      return fieldOf(tag.end, readVarint(header, tag.end).end - tag.end);
    case 1:
      return fieldOf(tag.end, 8);
    case 2: {
      const length = readVarint(header, tag.end);
      return fieldOf(length.end, length.value);
    }
    case 5:
      return fieldOf(tag.end, 4);
    default:
      throw malformed();
  }
}

/** Exact up to 2^53, far above a file's size. */
function readVarint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw malformed();
}

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}

function malformed(): BundleError {
  return new BundleError("invalid_import", "the file is not an ONNX model");
}
