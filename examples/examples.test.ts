import { runCommandLine } from "@tagsmith/model-bundle/command-line";
import { isFloatRow } from "@tagsmith/model-bundle/instance";
import type { GoldenExample } from "@tagsmith/model-bundle/manifest";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { PredictBatchOutput, PredictOutput } from "../packages/inference/src/schemas.ts";
import { withService, type ServiceUnderTest, type Setting } from "../packages/inference/test/with-service.ts";

interface Example {
  readonly name: string;
  readonly labels: readonly string[];
  readonly setting?: Setting["tuning"];
}

const tags = ["c#", "c++", "javascript", "python", "sql"];
const inThreads = { engine: { inlineRunMs: 0 } };

/** By how much probabilities in single precision may differ from Python's. */
const digits = 5;

describe.each<Example>([
  { name: "sklearn-text", labels: tags },
  { name: "huggingface-classifier", labels: tags },
  { name: "huggingface-classifier", labels: tags, setting: inThreads },
  { name: "plain-floats", labels: ["setosa", "versicolor", "virginica"] },
  { name: "plain-floats", labels: ["setosa", "versicolor", "virginica"], setting: inThreads },
])("examples/$name", ({ name, labels, setting = {} }) => {
  withService(
    `is imported as its README says, published, promoted, and answers over HTTP as in Python${"engine" in setting ? ", in threads" : ""}`,
    { bundle: null, tuning: setting },
    async (service) => {
      const readme = await readFile(new URL(`${name}/README.md`, import.meta.url), "utf8");
      const { args, printed } = importCommand(readme);
      const folder = join(service.store.root, name);
      const model = commandLine(service.store.url);
      expect(await model(...args.slice(0, -1), folder)).toBe(printed.replace(` in ${name}:`, ` in ${folder}:`));
      await model("publish", folder);
      await model("promote", `${name}@1.0.0`);
      await service.ready();
      const golden = JSON.parse(
        await readFile(new URL(`${name}/golden.json`, import.meta.url), "utf8"),
      ) as GoldenExample[];
      for (const example of golden) {
        const answer = await ask(service, example);
        expect(answer.ml_model_metadata).toMatchObject({ name, version: "1.0.0" });
        expect(answer.predictions).toHaveLength(labels.length);
        for (const { tag, confidence } of answer.predictions) {
          expect(confidence).toBeCloseTo(example.probabilities[labels.indexOf(tag)] ?? Number.NaN, digits);
        }
        expect(answer.tags.toSorted()).toEqual(labels.filter((_, label) => (example.probabilities[label] ?? 0) >= 0.5));
      }
    },
  );
});

/** The import of a README: its arguments, and what it prints. */
function importCommand(readme: string): { args: string[]; printed: string } {
  const [, command = "", printed = ""] = /\$ npm run model -- (import (?:.*\\\n)*.*)\n(.*)\n```/.exec(readme) ?? [];
  return { args: command.replaceAll("\\\n", " ").split(/\s+/), printed };
}

/** `npm run model`, with the store of a test. */
function commandLine(endpoint: string) {
  return async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    const code = await runCommandLine(
      args,
      { MODEL_BUCKET: "models", AWS_ENDPOINT_URL: endpoint },
      { out: print, err: print },
    );
    expect([code, ...lines]).toEqual([0, expect.any(String)]);
    return lines.join("\n");
  };
}

async function ask({ post }: ServiceUnderTest, example: GoldenExample): Promise<PredictOutput> {
  if (!isFloatRow(example)) {
    const { title, body } = example;
    return (await (await post("/api/v1/predict", { title, body })).json()) as PredictOutput;
  }
  const answer = await post("/api/v1/predict/floats", { inputs: [example.floats] });
  const { ml_model_metadata, results } = (await answer.json()) as PredictBatchOutput;
  return { ml_model_metadata, ...(results[0] ?? { tags: [], predictions: [] }) };
}
