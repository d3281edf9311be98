import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "tagsmith-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(side: string, resources: object): string {
  const stage = join(folder, side, "prod");
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(stage, "Network.json"), JSON.stringify({ Resources: resources }));
  return join(folder, side);
}

function diff(before: object, after: object): string {
  const script = join(import.meta.dirname, "stack-diff.mjs");
  const folders = [write("base", before), write("head", after)];
  return spawnSync(process.execPath, [script, ...folders], { encoding: "utf8" }).stdout;
}

it("tells what is made, what goes, and which property changes from what to what", () => {
  const vpc = (cidr: string) => ({ Type: "AWS::EC2::VPC", Properties: { CidrBlock: cidr, Tags: [1] } });
  const text = diff(
    { Vpc: vpc("10.0.0.0/20"), Nat: { Type: "AWS::EC2::NatGateway" } },
    { Vpc: vpc("10.0.0.0/16"), Bucket: { Type: "AWS::S3::Bucket" } },
  );
  expect(text).toContain(
    [
      "```diff",
      "@@ Network @@",
      "+ AWS::S3::Bucket Bucket",
      "- AWS::EC2::NatGateway Nat",
      "! AWS::EC2::VPC Vpc",
      '!   Properties.CidrBlock: "10.0.0.0/20" -> "10.0.0.0/16"',
      "```",
    ].join("\n"),
  );
});

it("leaves out what only has another content", () => {
  const code = (letter: string) => ({
    Type: "AWS::Lambda::Function",
    Properties: { Code: `${letter.repeat(64)}.zip` },
  });
  expect(diff({ F: code("a") }, { F: code("b") })).toContain("No resource changes.");
});

it("stays within what a comment may hold", () => {
  const many = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [`Bucket${index}`, { Type: "AWS::S3::Bucket" }]),
  );
  expect(diff({}, many).length).toBeLessThan(65_536);
});
