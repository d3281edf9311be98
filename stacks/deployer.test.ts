import { spawnSync } from "node:child_process";
import { App, Aspects } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, it } from "vitest";
import { deployer } from "./deployer.ts";

const app = new App();
Aspects.of(app).add(new AwsSolutionsChecks());
const stack = deployer(app, { repository: "owner/name", stage: "prod" });
const template = Template.fromStack(stack);
const [policy] = Object.values(template.findResources("AWS::IAM::Policy"));

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}
const statements = (policy?.["Properties"] as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement;

/** The resources of an action's statement as text, with the account's values left out. */
const resourcesOf = (action: string) =>
  JSON.stringify(statements.find(({ Action }) => [Action].flat().includes(action))?.Resource);

it("trust: jobs of this repository's environment alone, with a token that was made for AWS", () => {
  const issuer = "token.actions.githubusercontent.com";
  template.hasResourceProperties("AWS::IAM::Role", {
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: "sts.amazonaws.com",
              [`${issuer}:sub`]: "repo:owner/name:environment:prod",
            },
          },
        },
      ],
    },
  });
});

it("rights: exactly what sst deploy calls", () => {
  expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
    "cloudformation:CreateStack",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:DescribeStacks",
    "cloudformation:ListImports",
    "cloudformation:UpdateStack",
    "iam:PassRole",
    "s3:GetObject",
    "s3:PutObject",
    "sts:AssumeRole",
  ]);
});

it("stacks: changes those of its stage only", () => {
  expect(resourcesOf("cloudformation:CreateStack")).toContain(":stack/prod-tagsmith-*/*");
});

it("roles: passes one, and to CloudFormation only", () => {
  expect(resourcesOf("iam:PassRole")).toContain("cfn-exec");
  expect(statements.find(({ Action }) => Action === "iam:PassRole")?.Condition).toEqual({
    StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" },
  });
});

it("provider: an account that has one keeps it", () => {
  const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
  const other = Template.fromStack(deployer(new App(), { repository: "owner/name", stage: "prod", provider: arn }));
  other.resourceCountIs("AWS::IAM::OIDCProvider", 0);
});

it.each([
  [{}, "-c repository=owner/name, without wildcards"],
  [{ repository: "owner/*" }, "-c repository=owner/name, without wildcards"],
  [{ repository: "owner/name", provider: "" }, "-c provider=ARN, or none"],
])("command: what it is given wrongly is said in one line: %j", (context, wanted) => {
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const program = ["--import", "tsx", "stacks/deployer.app.ts"];
  const { stderr, status } = spawnSync(process.execPath, program, { env, encoding: "utf8" });
  expect([stderr, status]).toEqual([`What is wanted: ${wanted}\n`, 1]);
});

it("cdk-nag: finds only the wildcards that can't be spelled out", () => {
  const accepted = [
    "AwsSolutions-IAM5[Resource::*]", // ListImports knows no resources
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/prod-tagsmith-*/*]", // a stack's id is chosen by AWS
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/CDKToolkit/*]",
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/SSTBootstrap/*]",
    "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::sstbootstrap-*/appMetadata/app.tagsmith/stage.prod.json]", // so is the bucket's name
  ];
  const messages = app.synth().getStackByName(stack.stackName).messages;
  const found = messages.map(({ entry }) => entry.data as string).filter((text) => text.startsWith("AwsSolutions-"));
  expect(found.map((text) => text.slice(0, text.indexOf("]") + 1)).sort()).toEqual([...accepted].sort());
});
