import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { at, list, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const other = await synthesise("other");

const models = prod.one("S3::Bucket", "Models");

it("models: versioned, encrypted, closed to the public and to other origins, its accesses logged", () => {
  expect(at(models, "VersioningConfiguration")).toEqual({ Status: "Enabled" });
  expect(JSON.stringify(at(models, "BucketEncryption"))).toContain("AES256");
  expect(at(models, "PublicAccessBlockConfiguration")).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  expect(models.Properties).not.toHaveProperty("CorsConfiguration");
  expect(at(models, "LoggingConfiguration.DestinationBucketName")).toEqual({ Ref: logs().id });
});

it.each(["Models", "AccessLogs", "Files"])("%s: refuses what doesn't come over TLS", (bucket) => {
  const statements = at(prod.one("S3::BucketPolicy", bucket), "PolicyDocument.Statement");
  expect(statements).toContainEqual(
    expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  );
});

it("models and access logs: outlive prod, go with any other stage", () => {
  expect(prod.all("S3::Bucket", "Storage/").map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(["Retain", "Retain"]);
  expect(other.all("S3::Bucket", "Storage/").map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(["Delete", "Delete"]);
});

it("models: what was replaced or deleted can be had back for 90 days, and what is in use never expires", () => {
  expect(at(models, "LifecycleConfiguration.Rules")).toEqual([
    { NoncurrentVersionExpiration: { NoncurrentDays: 90 }, Status: "Enabled" },
  ]);
});

it("access logs: are deleted in time", () => {
  expect(at(logs(), "LifecycleConfiguration.Rules")).toContainEqual(
    expect.objectContaining({ ExpirationInDays: 90, Status: "Enabled" }),
  );
});

it("seed: runs when a stage is made and when the shipped bundle changes, not with every deployment", async () => {
  const seeding = (app: typeof prod) =>
    app.resources.find(({ Type }) => Type === "Custom::SSTScript")?.Properties ?? {};
  const { id } = prod.one("Lambda::Function", "Storage/SeedC");
  expect(seeding(prod)).toMatchObject({ UserCreateFunction: { Ref: id }, UserUpdateFunction: { Ref: id } });
  expect(seeding(prod)["Version"]).toMatch(/^[0-9a-f]{64}$/);
  expect(seeding(await synthesise("prod"))["Version"]).toBe(seeding(prod)["Version"]);
});

it("seed: carries the bundle, and may read and write models but delete none", () => {
  const hash = String(at(prod.one("Lambda::Function", "Storage/SeedC"), "Code.S3Key")).replace(".zip", "");
  expect(existsSync(`${prod.folder}/asset.${hash}/packages/training/bundle/manifest.json`)).toBe(true);
  const statements = list(prod.one("IAM::Policy", "Storage/SeedServiceRole"), "PolicyDocument.Statement");
  expect(statements.flatMap(({ Action }) => Action)).toEqual(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]);
});

function logs() {
  return prod.one("S3::Bucket", "AccessLogs");
}
