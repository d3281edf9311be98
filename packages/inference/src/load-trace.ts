import type { StoreRead } from "@tagsmith/model-bundle/download";
import { versionId, type Version } from "@tagsmith/model-bundle/layout";
import type { Span, Tracing } from "@tagsmith/operations/tracing";
import { describe } from "./failure.ts";

/** The trace of a version's way into service, step by step, where traces are recorded. */
export class LoadTrace {
  readonly #span: Span | undefined;

  constructor(tracing: Tracing, version: Version) {
    this.#span = tracing.begin("model load", { "tagsmith.model": versionId(version) });
  }

  /** What reads belong to it is told to whoever listens; undefined where nobody does. */
  async step<T>(name: string, work: (onRead?: (read: StoreRead) => void) => Promise<T> | T): Promise<T> {
    const span = this.#span?.child(name);
    try {
      const result = await work(span && ((read) => showRead(span, read)));
      span?.end();
      return result;
    } catch (error) {
      span?.end({ error: describe(error).code });
      throw error;
    }
  }

  end(error?: unknown): void {
    this.#span?.end({ error: error === undefined ? undefined : describe(error).code });
  }
}

function showRead(span: Span, { key, range, bytes, startMs, endMs, isWhole }: StoreRead): void {
  const attributes = { "aws.s3.key": key, ...(range && { "tagsmith.range": range }), "tagsmith.bytes": bytes };
  const end = { endMs, error: isWhole ? undefined : "broken_off" };
  span.child("S3 GET", { kind: "client", startMs, attributes }).end(end);
}
