import { isFloatRow } from "@tagsmith/model-bundle/instance";
import type { Manifest } from "@tagsmith/model-bundle/manifest";

interface Answer {
  readonly predictions: readonly { readonly tag: string; readonly confidence: number }[];
}

const question = { title: "How do I merge two dictionaries in a single expression in Python?", body: "" };

/**
 * Holds the service's predictions for the manifest's golden questions to the golden probabilities.
 * @throws {Error} listing the tags that are off by more than the manifest's tolerance.
 */
export async function answersGolden(
  url: string,
  { golden, labels }: Pick<Manifest, "golden" | "labels">,
): Promise<string> {
  let furthest = 0;
  for (const example of golden.examples) {
    if (isFloatRow(example)) throw new Error("the golden examples are rows of floats, not questions");
    const { title, body, probabilities } = example;
    const { predictions } = await ask(url, { title, body });
    if (predictions.length === 0) throw new Error(`no predictions for "${title}"`);
    for (const { tag, confidence } of predictions) {
      const expected = probabilities[labels.indexOf(tag)] ?? NaN;
      const distance = Math.abs(confidence - expected);
      if (!(distance <= golden.tolerance)) throw new Error(`"${title}": ${tag} has ${confidence}, not ${expected}`);
      furthest = Math.max(furthest, distance);
    }
  }
  return `${golden.examples.length} examples, at most ${furthest.toExponential(1)} off`;
}

/** Sends the page's form as a browser without JavaScript does. */
export async function pageAnswers(url: string): Promise<string> {
  const page = await text(await fetch(url, timeout()));
  if (!page.includes("Suggest tags")) throw new Error(`no form in:\n${page.slice(0, 2000)}`);
  const body = new URLSearchParams(question);
  const headers = { origin: url };
  const answer = await text(await fetch(`${url}/?index`, { method: "POST", headers, body, ...timeout() }));
  const tags = /Suggested tags.*?python/s.exec(answer);
  if (!tags) throw new Error(`no tags in:\n${answer.slice(0, 4000)}`);
  return "python";
}

async function ask(url: string, asked: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(asked), ...timeout() };
  return JSON.parse(await text(await fetch(`${url}/api/v1/predict`, request))) as Answer;
}

async function text(response: Response): Promise<string> {
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${body}`);
  return body;
}

function timeout(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(20_000) };
}
