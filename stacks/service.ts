import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import {
  AlarmBehavior,
  type ICluster,
  LogDrivers,
  PropagatedTagSource,
  type ServiceConnectService,
} from "aws-cdk-lib/aws-ecs";
import type { ApplicationTargetGroup } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { type ILogGroup, LogGroup } from "aws-cdk-lib/aws-logs";
import type { Service, ServiceProps, StackContext } from "sst/constructs";
import { container, type ContainerOptions, startTime } from "./container.ts";
import { addCollector } from "./observability/collector.ts";
import { deploymentAlarms } from "./observability/kinds.ts";
import type { Stage } from "./stage.ts";

interface Options extends ContainerOptions {
  readonly cluster: ICluster;
  readonly stage: Stage;
  /** Under which name other services reach it. */
  readonly offers?: ServiceConnectService[];
}

/** What both services share: tasks in private subnets, replaced without a gap, and rolled back if they crash. */
export function privateTasks({ app, stack }: StackContext, { cluster, stage, offers = [], ...options }: Options) {
  const { minContainers, maxContainers, cpu, memory } = stage[options.name];
  const { architecture, capacityProvider, logRetention } = stage;
  const { vpc } = cluster;
  const securityGroup = new SecurityGroup(stack, "SecurityGroup", { vpc, allowAllOutbound: false });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS");
  const logGroup = new LogGroup(stack, "Logs", { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
  const logDriver = LogDrivers.awsLogs({ logGroup, streamPrefix: options.name });
  const fargateService = {
    assignPublicIp: false,
    securityGroups: [securityGroup],
    capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
    // The bill knows a task by its own tags.
    propagateTags: PropagatedTagSource.SERVICE,
    enableECSManagedTags: true,
    circuitBreaker: { enable: true, rollback: true },
    // They don't exist yet where the service is new; then there is nothing to go back to either.
    deploymentAlarms: { alarmNames: deploymentAlarms(app, options.name), behavior: AlarmBehavior.ROLLBACK_ON_ALARM },
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    healthCheckGracePeriod: startTime,
    serviceConnectConfiguration: { services: offers, logDriver },
  };
  // A model stays in memory, so a service that scaled on memory would never scale in; `attach` scales on requests.
  const metrics = { cpuUtilization: 60, memoryUtilization: false, requestsPerContainer: false } as const;
  return {
    // `sst bind` knows by the folder that it is called in which service to stand in for.
    path: `packages/${options.name}`,
    port: options.port,
    architecture,
    cpu,
    memory,
    scaling: { minContainers, maxContainers, ...metrics },
    cdk: {
      vpc,
      cluster,
      applicationLoadBalancer: false,
      container: container(options, architecture, logDriver),
      fargateService,
    },
  } satisfies ServiceProps;
}

/** Puts the service behind the balancer, and a collector of its traces beside it. In `sst dev` and `sst remove` there is none to put there. */
export function attach(service: Service, target: ApplicationTargetGroup, requestsPerTarget: number) {
  const { fargateService, taskDefinition, scaling } = service.cdk ?? {};
  if (!fargateService || !taskDefinition) return;
  target.addTarget(fargateService);
  addCollector(taskDefinition, Stack.of(service).node.findChild("Logs") as ILogGroup);
  scaling?.scaleOnRequestCount("RequestScaling", { targetGroup: target, requestsPerTarget });
  // SST keeps one log group for each cluster, which the services would share and `sst remove` would leave behind.
  for (const { node } of [...service.node.children, ...Stack.of(service).node.children]) {
    if (node.id.startsWith("LogRetention")) node.scope?.node.tryRemoveChild(node.id);
  }
  return fargateService;
}

/** Gives the container a folder to write, `/name`: as its image's VOLUME, which also makes the container's user its owner. */
export function mountVolume({ cdk }: Service, name: string) {
  const { taskDefinition } = cdk ?? {};
  taskDefinition?.addVolume({ name });
  taskDefinition?.defaultContainer?.addMountPoints({ sourceVolume: name, containerPath: `/${name}`, readOnly: false });
}
