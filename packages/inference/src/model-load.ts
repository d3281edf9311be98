import { totalBytes } from "@tagsmith/model-bundle/manifest";
import type { Release } from "@tagsmith/model-bundle/release";
import type { Tracing } from "@tagsmith/operations/tracing";
import { rm } from "node:fs/promises";
import { startEngine, type EngineOptions, type StartedEngine } from "./engine.ts";
import { LoadTrace } from "./load-trace.ts";
import type { Loader } from "./loader.ts";
import type { LoadProgress } from "./loader-worker.ts";
import type { ModelFolder } from "./model-folder.ts";

export interface LoadParts {
  readonly loader: Loader;
  readonly folder: ModelFolder;
  readonly engine: EngineOptions;
  readonly tracing: Tracing;
}

interface Circumstances {
  /** Whether another model serves meanwhile. */
  readonly isServing: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Puts the model where it is wanted. */
  readonly take: (loaded: LoadedModel) => void;
}

export interface LoadedModel {
  /** Takes its folder with it when it is closed. */
  readonly engine: StartedEngine;
  readonly loaded: Loaded;
}

/** What it took to have a model. */
export interface Loaded {
  readonly bytes: number;
  readonly downloadMs: number;
  readonly loadMs: number;
}

/** Fetches a release, proves it and has it taken. Throws what each of them does, and leaves nothing on the disk then. */
export async function loadModel(
  { loader, folder, engine: options, tracing }: LoadParts,
  release: Release,
  { isServing, signal, onProgress, take }: Circumstances,
): Promise<void> {
  const trace = new LoadTrace(tracing, release);
  const startMs = performance.now();
  const path = folder.pathFor(release);
  const removeFiles = () => rm(path, { recursive: true, force: true });
  try {
    const bundle = await trace.step("fetch", (onRead) =>
      loader.fetch(release, { folder: path, signal, onProgress, onRead }),
    );
    const downloadMs = performance.now() - startMs;
    const { manifestSha256 } = release;
    const engine = await trace.step("prove", () =>
      startEngine({ bundle, manifestSha256 }, options, { isServing, signal }),
    );
    if (signal.aborted) await engine.close();
    signal.throwIfAborted();
    const close = async () => {
      await engine.close();
      await removeFiles();
    };
    const loaded = { bytes: totalBytes(bundle.manifest), downloadMs, loadMs: performance.now() - startMs };
    await trace.step("swap", () => take({ engine: { ...engine, close }, loaded }));
    trace.end();
  } catch (error) {
    trace.end(error);
    await removeFiles();
    throw error;
  }
}
