import type { Question } from "../question.ts";

const name = "#question=";

/** More than both fields can hold: a link that unpacks to more was not made here. */
const mostBytes = 1_048_576;

/** The page's address with the question in its fragment, which a browser sends to no server. */
export async function shareLink(page: string, { title, body }: Question): Promise<string> {
  const packed = await pipe(
    new TextEncoder().encode(JSON.stringify([title, body])),
    new CompressionStream("deflate-raw"),
  );
  return new URL(`${name}${toBase64Url(packed)}`, page).href;
}

/** The question in a fragment; undefined where there is none. @throws {Error} where there is one that can't be read. */
export async function readFragment(fragment: string): Promise<Question | undefined> {
  if (!fragment.startsWith(name)) return undefined;
  const bytes = await pipe(fromBase64Url(fragment.slice(name.length)), new DecompressionStream("deflate-raw"));
  const fields: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const [title, body] = Array.isArray(fields) ? (fields as unknown[]) : [];
  if (typeof title !== "string" || typeof body !== "string") throw new Error("The link holds no question.");
  return { title, body };
}

async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const source = new Blob([bytes]).stream().pipeThrough(through) as ReadableStream<Uint8Array>;
  for (const reader = source.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
    size += value.length;
    if (size > mostBytes) {
      await reader.cancel();
      throw new Error("The link holds more than a question.");
    }
    chunks.push(value);
  }
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
