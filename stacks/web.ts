import { Port } from "aws-cdk-lib/aws-ec2";
import { dependsOn, Service, type StackContext, use } from "sst/constructs";
import { Inference } from "./inference.ts";
import { Ingress } from "./ingress.ts";
import { Network } from "./network.ts";
import { attach, privateTasks } from "./service.ts";
import { stageOf } from "./stage.ts";

/** The pages. They ask the inference service, without leaving the VPC. */
export function Web({ app, stack }: StackContext) {
  const { cluster } = use(Network);
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
      without: ["packages/features", "packages/inference", "packages/model-bundle"],
    }),
    environment: { INFERENCE_URL: inference.url },
    dev: { url: "http://127.0.0.1:3000" },
  });
  const fargateService = attach(service, targets.web, stage.web.requestsPerContainer);
  if (fargateService && inference.fargateService) {
    fargateService.connections.allowTo(inference.fargateService, Port.tcp(inference.port), "Web to inference");
  }

  stack.addOutputs({ url: service.url ?? url });
}
