import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { synthesise } from "./test/synth.ts";

/** What cdk-nag finds and we accept: where, which rule, and why. */
const accepted: readonly (readonly [path: RegExp, rule: string, reason: string])[] = [
  [
    /CustomResourceHandler|ScriptHandler|Seed\//,
    "IAM4",
    "Lambda's managed policy lets a function write its log, only.",
  ],
  [/CustomResourceHandler|ScriptHandler|Seed\//, "L1", "SST sets the runtimes, Node 22, and doesn't know a newer one."],
  [/TaskRole|Seed\/ServiceRole/, "IAM5[Resource::<Models", "A bundle's files are all the objects under models/."],
  [/TaskDefinition\/TaskRole/, "IAM5[Resource::*]", "CloudWatch's and X-Ray's data can't be restricted to a resource."],
  [
    /CanaryRole/,
    "IAM5[Resource::*]",
    "Listing buckets and putting metrics know no resources; the latter, a namespace.",
  ],
  [/CanaryRole/, "IAM5[Resource::<CanaryRuns", "The bucket is there for what the canary writes."],
  [
    /CanaryRole/,
    "IAM5[Resource::arn:<AWS::Partition>:logs",
    "Synthetics ends the name of a canary's log group by itself.",
  ],
  [/ScriptHandler/, "IAM5[Resource::<Seed", "Every version of the one function that the script runs."],
  [/ExecutionRole/, "IAM5[Resource::*]", "ecr:GetAuthorizationToken can't be restricted to a repository."],
  [/Bulk\/Task\/TaskRole/, "IAM5[Resource::<Files", "A job's questions and results are all the objects there."],
  [
    /Bulk\/Job\/Machine\/Role/,
    "IAM5[Resource::arn:<AWS::Partition>:s3:::<Files",
    "So are its queue and the outcome of its tasks.",
  ],
  [
    /Bulk\/Job\/Machine\/Role/,
    "IAM5[Resource::*]",
    "Tasks that are to come, log delivery and X-Ray have no names to restrict to.",
  ],
  [
    /Bulk\/Job\/Machine\/DistributedMapPolicy/,
    "IAM5[Resource::arn:<AWS::Partition>:states",
    "The machine's own executions, whose names are to come.",
  ],
  [/Task(Definition)?\/Resource/, "ECS2", "A bucket's name and an address are no secrets."],
  [/Balancer\/SecurityGroup/, "EC23", "The balancer is there to be reached from the internet."],
];

describe.each(["prod", "other"])("%s", async (stage) => {
  const app = await synthesise(stage, "deploy", [new AwsSolutionsChecks()]);
  const findings = app.stacks
    .flatMap(({ messages }) => messages)
    .filter(({ text }) => text.startsWith("AwsSolutions-"));
  const isAccepted = ({ path, text }: (typeof findings)[number], [where, rule]: (typeof accepted)[number]) =>
    where.test(path) && text.startsWith(`AwsSolutions-${rule}`);

  it("cdk-nag: finds nothing that isn't accepted for a reason", () => {
    expect(findings.filter((finding) => !accepted.some((entry) => isAccepted(finding, entry)))).toEqual([]);
  });

  it("cdk-nag: finds all that is accepted", () => {
    expect(accepted.filter((entry) => !findings.some((finding) => isAccepted(finding, entry)))).toEqual([]);
  });
});
