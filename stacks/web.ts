import { Port } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { dependsOn, Service, type StackContext, use } from "sst/constructs";
import { Inference } from "./inference.ts";
import { Ingress } from "./ingress.ts";
import { Network } from "./network.ts";
import { attach, privateTasks } from "./service.ts";
import { stageOf } from "./stage.ts";
import { Storage } from "./storage.ts";

/** The pages. They ask the inference service, without leaving the VPC. */
export function Web({ app, stack }: StackContext) {
  const { cluster } = use(Network);
  const { models } = use(Storage);
  const { targets, url } = use(Ingress);
  const inference = use(Inference);
  dependsOn(Inference);
  const stage = stageOf(app);

  const service = new Service(stack, "Web", {
    ...privateTasks(stack, {
      name: "web",
      port: 3000,
      healthPath: "/healthz",
      cluster,
      stage,
      without: ["packages/features", "packages/inference"],
    }),
    environment: { INFERENCE_URL: inference.url, FEEDBACK_BUCKET: models.bucketName, TRUSTED_PROXIES: "1" },
    // It adds what people think of the tags, and can't read even that.
    permissions: [new PolicyStatement({ actions: ["s3:PutObject"], resources: [models.arnForObjects("feedback/*")] })],
    dev: { url: "http://127.0.0.1:3000" },
  });
  const { taskDefinition } = service.cdk ?? {};
  // As the image's VOLUME, which also makes the container's user its owner.
  taskDefinition?.addVolume({ name: "uploads" });
  taskDefinition?.defaultContainer?.addMountPoints({
    sourceVolume: "uploads",
    containerPath: "/uploads",
    readOnly: false,
  });
  const fargateService = attach(service, targets.web, stage.web.requestsPerContainer);
  if (fargateService && inference.fargateService) {
    fargateService.connections.allowTo(inference.fargateService, Port.tcp(inference.port), "Web to inference");
  }

  stack.addOutputs({ url: service.url ?? url });
}
