import { expect, it } from "vitest";
import { at, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const other = await synthesise("other");

const subnets = (kind: string, property: string) => prod.all("EC2::Subnet", kind).map((subnet) => at(subnet, property));

it("vpc: 10.0.0.0/20 over two zones, public /24 and private /23 subnets", () => {
  expect(at(prod.one("EC2::VPC"), "CidrBlock")).toBe("10.0.0.0/20");
  expect(subnets("public", "CidrBlock")).toEqual(["10.0.0.0/24", "10.0.1.0/24"]);
  expect(subnets("private", "CidrBlock")).toEqual(["10.0.2.0/23", "10.0.4.0/23"]);
  for (const kind of ["public", "private"]) {
    expect(new Set(subnets(kind, "AvailabilityZone")).size).toBe(2);
  }
});

it("vpc: no subnet gives out public addresses", () => {
  expect(subnets("", "MapPublicIpOnLaunch")).toEqual([false, false, false, false]);
});

it("nat: one for each zone in prod, one elsewhere", () => {
  expect(prod.all("EC2::NatGateway")).toHaveLength(2);
  expect(other.all("EC2::NatGateway")).toHaveLength(1);
});

it("s3: reached from the private subnets through a gateway endpoint", () => {
  const endpoint = prod.one("EC2::VPCEndpoint");
  expect(at(endpoint, "VpcEndpointType")).toBe("Gateway");
  expect(JSON.stringify(at(endpoint, "ServiceName"))).toContain(".s3");
  const privateTables = prod.all("EC2::RouteTable", "private").map(({ id }) => ({ Ref: id }));
  expect(at(endpoint, "RouteTableIds")).toEqual(expect.arrayContaining(privateTables));
});

it("flow logs: of all traffic, kept for a limited time", () => {
  expect(at(prod.one("EC2::FlowLog"), "TrafficType")).toBe("ALL");
  expect(at(prod.one("Logs::LogGroup", "FlowLogs"), "RetentionInDays")).toBe(90);
});

it("default security group: lets nothing through", () => {
  expect(prod.resources.map(({ Type }) => Type)).toContain("Custom::VpcRestrictDefaultSG");
});
