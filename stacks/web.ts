import { Port } from "aws-cdk-lib/aws-ec2";
import { Config, dependsOn, Service, type StackContext, use } from "sst/constructs";
import { Inference } from "./inference.ts";
import { Ingress } from "./ingress.ts";
import { Network } from "./network.ts";
import { telemetryOf } from "./observability/collector.ts";
import { attach, mountVolume, privateTasks } from "./service.ts";
import { stageOf } from "./stage.ts";
import { Storage } from "./storage.ts";
import { accessOf } from "./web-access.ts";

/** The pages, which ask the inference service without leaving the VPC, and the dashboard of whoever runs the stage. */
export function Web(context: StackContext) {
  const { app, stack } = context;
  const { cluster } = use(Network);
  const { models } = use(Storage);
  const { balancer, targets, url } = use(Ingress);
  const inference = use(Inference);
  dependsOn(Inference);
  const stage = stageOf(app);

  const service = new Service(stack, "Web", {
    ...privateTasks(context, {
      name: "web",
      port: 3000,
      healthPath: "/healthz",
      cluster,
      stage,
      without: ["packages/bulk", "packages/inference"],
    }),
    environment: {
      ...telemetryOf(app, "web"),
      INFERENCE_URL: inference.url,
      MODEL_BUCKET: models.bucketName,
      // In `sst dev` no balancer stands before the programs on this machine, and CloudWatch hears nothing of them.
      ...(inference.fargateService && {
        TRUSTED_PROXIES: "1",
        CLOUDWATCH_LOAD_BALANCER: balancer.loadBalancerFullName,
        CLOUDWATCH_TARGET_GROUP: targets.inference.targetGroupFullName,
        CLOUDWATCH_CLUSTER: cluster.clusterName,
        CLOUDWATCH_SERVICE: inference.fargateService.serviceName,
      }),
    },
    // Only who signs in to the dashboard needs it: a stage without the secret has none.
    bind: [new Config.Secret(stack, "ADMIN_PASSWORD_HASH")],
    permissions: accessOf(models),
    dev: { url: "http://127.0.0.1:3000" },
  });
  mountVolume(service, "uploads");
  const fargateService = attach(service, targets.web, stage.web.requestsPerContainer);
  if (fargateService && inference.fargateService) {
    fargateService.connections.allowTo(inference.fargateService, Port.tcp(inference.port), "Web to inference");
  }

  stack.addOutputs({ url: service.url ?? url });
  return { fargateService };
}
