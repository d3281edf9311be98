import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EmfReporter } from "@tagsmith/operations/emf";
import { Counter, Gauge, Registry } from "prom-client";
import { expect, it } from "vitest";
import { awsServer } from "../../test/aws-server.ts";
import { CloudWatchSource } from "./cloudwatch-source.ts";

const names = { loadBalancer: "app/1", targetGroup: "targetgroup/2", cluster: "c", service: "s", stage: "prod" };
const now = Date.UTC(2026, 0, 1, 12);
const minute = now / 1_000 - 60;

interface EmfLine {
  readonly _aws: { readonly CloudWatchMetrics: { readonly Dimensions: string[][] }[] };
  readonly [member: string]: unknown;
}

/** CloudWatch with what it makes of a registry's report a minute ago, and of a query's exact terms. */
async function cloudWatchOf(registry: Registry) {
  const lines: EmfLine[] = [];
  const write = (line: string) => lines.push(JSON.parse(line) as EmfLine);
  await new EmfReporter({ registry, stage: "prod", write, onError: () => undefined }).close();
  const expression = /^SEARCH\('\{Tagsmith,([\w,]+)\} MetricName="(\w+)" stage="(\w+)"', '(\w+)', \d+\)$/;
  const aws = await awsServer(({ input }) => {
    const MetricDataResults = (input["MetricDataQueries"] as Record<string, string>[]).flatMap((query) => {
      const [, dimensions, name = "", stage, statistic] = expression.exec(query["Expression"] ?? "") ?? [];
      const isRight = statistic === (name.endsWith("_total") ? "Sum" : "Maximum");
      const found = lines.filter((line) => {
        const sets = line._aws.CloudWatchMetrics[0]?.Dimensions ?? [];
        return isRight && name in line && line["stage"] === stage && sets.some((set) => set.join() === dimensions);
      });
      return found.map((line) => ({
        Id: query["Id"],
        Label: query["Label"]?.replace(/\$\{PROP\('Dim\.(\w+)'\)\}/, (_, by: string) => String(line[by])),
        Timestamps: [minute],
        Values: [line[name]],
        StatusCode: "Complete",
      }));
    });
    return { body: { MetricDataResults } };
  });
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client), now: () => now });
  return { source };
}

it("finds what a task reports, by the labels that it reports it with", async () => {
  const registry = new Registry();
  const registers = [registry];
  const tags = new Counter({ name: "tagsmith_predictions_total", help: "t", labelNames: ["tag"], registers });
  const sure = new Counter({ name: "tagsmith_answers_total", help: "c", labelNames: ["confidence"], registers });
  const waiting = new Gauge({ name: "tagsmith_model_waiting", help: "w", registers });
  const inFlight = new Gauge({ name: "tagsmith_requests_in_flight", help: "f", registers });
  tags.inc({ tag: "css" }, 5);
  tags.inc({ tag: "größe" }, 2); // in the total alone
  sure.inc({ confidence: "90-100" }, 7);
  waiting.set(3);
  inFlight.set(4);
  const { source } = await cloudWatchOf(registry);
  const result = await source.read();
  if (!result.ok) throw new Error(result.reason);
  expect(result.figures.tags).toEqual([{ name: "css", count: 5 }]);
  expect(result.figures.confidence?.now).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
  expect(result.figures.queue).toEqual({ waiting: 3, inFlight: 4 });
});
