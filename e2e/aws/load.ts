import { setTimeout as wait } from "node:timers/promises";

const PAUSE_MS = 100;
const question = { title: "Sort a list of dictionaries by a key in python", body: "<p>How?</p>" };

interface Answer {
  readonly ml_model_metadata: { readonly name: string; readonly version: string };
}

/** Asks the same question ten times a second, as long as `meanwhile` takes. */
export async function underLoad<T>(url: string, meanwhile: () => Promise<T>): Promise<{ result: T; load: Load }> {
  const load = new Load();
  const end = new AbortController();
  const asking = ask(url, load, end.signal);
  try {
    return { result: await meanwhile(), load };
  } finally {
    end.abort();
    await asking;
  }
}

export class Load {
  readonly failures: string[] = [];
  requests = 0;

  /** @throws {Error} listing the requests that failed. */
  toBeFlawless(): string {
    if (this.failures.length > 0)
      throw new Error(
        `${this.failures.length} of ${this.requests} requests failed:\n${this.failures.slice(0, 10).join("\n")}`,
      );
    return `${this.requests} requests, none failed`;
  }
}

/** Which model answers, as `name@version`. */
export async function predict(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${text}`);
  const { name, version } = (JSON.parse(text) as Answer).ml_model_metadata;
  return `${name}@${version}`;
}

async function ask(url: string, load: Load, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    load.requests++;
    await predict(url).catch((error: unknown) => load.failures.push(`${new Date().toISOString()} ${String(error)}`));
    await wait(PAUSE_MS, undefined, { signal: end }).catch(() => undefined);
  }
}
