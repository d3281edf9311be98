import { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { dependsOn, Service, type StackContext, use } from "sst/constructs";
import { Ingress } from "./ingress.ts";
import { Network } from "./network.ts";
import { telemetryOf } from "./observability/collector.ts";
import { attach, mountVolume, privateTasks } from "./service.ts";
import { stageOf, type Stage } from "./stage.ts";
import { Storage } from "./storage.ts";

/** The image that it runs, and the tasks of bulk.ts. */
export const inferenceImage = { name: "inference", without: ["packages/training", "packages/web"] } as const;

/** Answers with what the model says: to the internet under the paths of ingress.ts, to the web service privately. */
export function Inference(context: StackContext) {
  const { app, stack } = context;
  const { cluster } = use(Network);
  const { models } = use(Storage);
  const { targets } = use(Ingress);
  // In `sst remove` there is no service, and so no reference that would order the stacks.
  dependsOn(Ingress);
  const stage = stageOf(app);
  const { name } = inferenceImage;
  const port = 8080;

  const service = new Service(stack, "Inference", {
    ...privateTasks(context, {
      ...inferenceImage,
      port,
      healthPath: "/readyz",
      cluster,
      stage,
      offers: [{ portMappingName: name, dnsName: name, port, perRequestTimeout: Duration.seconds(30) }],
    }),
    environment: {
      ...telemetryOf(app, name),
      MODEL_BUCKET: models.bucketName,
      ...processesOn(stage.inference.cpu),
    },
    permissions: [new PolicyStatement({ actions: ["s3:GetObject"], resources: [models.arnForObjects("models/*")] })],
    dev: { url: `http://127.0.0.1:${port}` },
  });
  mountVolume(service, "models");
  const fargateService = attach(service, targets.inference, stage.inference.requestsPerContainer);

  return { port, url: service.url ?? `http://${name}:${port}`, fargateService };
}

/** A process for each whole core, and none beside it for the model: Node would count the host's cores. */
export function processesOn(cpu: Stage["inference"]["cpu"]) {
  return { WORKERS: String(Math.max(1, Math.floor(Number.parseFloat(cpu)))), MODEL_WORKERS: "1" };
}
