import { ContainerImage, type FargateTaskDefinition, LogDrivers } from "aws-cdk-lib/aws-ecs";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { App } from "sst/constructs";
import { stageOf } from "../stage.ts";

const image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0";
const endpoint = "127.0.0.1:4318";

const config = {
  extensions: { health_check: {} },
  receivers: { otlp: { protocols: { http: { endpoint } } } },
  processors: { batch: {} },
  exporters: { awsxray: {} },
  service: {
    extensions: ["health_check"],
    pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["awsxray"] } },
    telemetry: { metrics: { level: "none" } },
  },
};

/** Tells a service's container who it is, and where its traces go. In `sst dev` nobody is there to take them. */
export function telemetryOf(app: App, name: string): Record<string, string> {
  if (app.mode === "dev") return {};
  return {
    STAGE: app.stage,
    OTEL_SERVICE_NAME: name,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${endpoint}`,
    OTEL_TRACES_SAMPLER_ARG: String(stageOf(app).tracesKept),
  };
}

/** Puts AWS's OpenTelemetry collector beside the service, which serves on when the collector doesn't. */
export function addCollector(taskDefinition: FargateTaskDefinition, logGroup: ILogGroup): void {
  taskDefinition.addContainer("Collector", {
    image: ContainerImage.fromRegistry(image),
    environment: { AOT_CONFIG_CONTENT: JSON.stringify(config) },
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: "collector" }),
    healthCheck: { command: ["CMD", "/healthcheck"] },
    essential: false,
    memoryLimitMiB: 128,
    readonlyRootFilesystem: true,
    user: "1000",
  });
  // X-Ray knows no resources.
  taskDefinition.addToTaskRolePolicy(new PolicyStatement({ actions: ["xray:PutTraceSegments"], resources: ["*"] }));
}
