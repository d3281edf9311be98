import { RemovalPolicy } from "aws-cdk-lib";
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Cluster, ContainerInsights, type ICluster } from "aws-cdk-lib/aws-ecs";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { NamespaceType } from "aws-cdk-lib/aws-servicediscovery";
import type { StackContext } from "sst/constructs";
import { stageOf } from "./stage.ts";

/** The one VPC, over two zones, and the cluster in it: only the balancer stands in a public subnet. */
export function Network({ app, stack }: StackContext) {
  const { natGateways, logRetention } = stageOf(app);

  const flowLogs = new LogGroup(stack, "FlowLogs", { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });

  const vpc = new Vpc(stack, "Vpc", {
    ipAddresses: IpAddresses.cidr("10.0.0.0/20"),
    maxAzs: 2,
    natGateways,
    restrictDefaultSecurityGroup: true,
    subnetConfiguration: [
      { name: "public", subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
      { name: "private", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 23 },
    ],
    // Free, and keeps the models off the NAT gateways, which charge by the gigabyte.
    gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    flowLogs: { all: { destination: FlowLogDestination.toCloudWatchLogs(flowLogs) } },
    // CDK's classes fit their own interfaces only without exactOptionalPropertyTypes, hence this cast and the next.
  }) as IVpc;

  const cluster = new Cluster(stack, "Cluster", {
    vpc,
    containerInsightsV2: ContainerInsights.ENABLED,
    enableFargateCapacityProviders: true,
    defaultCloudMapNamespace: {
      name: app.logicalPrefixedName("services"),
      type: NamespaceType.HTTP,
      useForServiceConnect: true,
    },
  }) as ICluster;

  return { vpc, cluster };
}
