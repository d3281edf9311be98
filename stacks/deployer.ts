import { CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { CfnOIDCProvider, PolicyStatement, Role, WebIdentityPrincipal } from "aws-cdk-lib/aws-iam";
import { type Construct } from "constructs";

interface Options {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** The stage that it deploys, and the GitHub environment whose jobs may. */
  readonly stage: string;
  /** The account's identity provider for GitHub, of which it can have but one; it is made if there is none. */
  readonly provider?: string;
}

const issuer = "token.actions.githubusercontent.com";

/**
 * The role of GitHub's `deploy` job: what `sst deploy` calls itself, and CDK's own roles for the rest. It belongs to the
 * account and to no stage. What it passes to CloudFormation is as mighty as `cdk bootstrap` has made it.
 */
export function deployer(app: Construct, { repository, stage, provider }: Options): Stack {
  const stack = new Stack(app, `tagsmith-${stage}-deployer`, { description: `Lets ${repository} deploy ${stage}` });
  const arn = (service: string, resource: string, region = stack.region) =>
    `arn:${stack.partition}:${service}:${region}:${stack.account}:${resource}`;
  const cdkRole = (name: string) => arn("iam", `role/cdk-hnb659fds-${name}-role-${stack.account}-${stack.region}`, "");
  const ofStage = arn("cloudformation", `stack/${stage}-tagsmith-*/*`);
  const bootstraps = ["CDKToolkit", "SSTBootstrap"].map((name) => arn("cloudformation", `stack/${name}/*`));

  const github =
    provider ??
    new CfnOIDCProvider(stack, "GitHub", { url: `https://${issuer}`, clientIdList: ["sts.amazonaws.com"] }).attrArn;
  const role = new Role(stack, "Role", {
    roleName: stack.stackName,
    maxSessionDuration: Duration.hours(1),
    assumedBy: new WebIdentityPrincipal(github, {
      StringEquals: {
        [`${issuer}:aud`]: "sts.amazonaws.com",
        [`${issuer}:sub`]: `repo:${repository}:environment:${stage}`,
      },
    }),
  });
  const allow = (actions: string[], resources: string[], conditions: object = {}) =>
    role.addToPolicy(new PolicyStatement({ actions, resources, conditions: { ...conditions } }));

  const changes = ["CreateStack", "UpdateStack", "DeleteStack"];
  const looks = ["DescribeStacks", "DescribeStackEvents", "DescribeStackResources"];
  allow(
    [...changes, ...looks].map((name) => `cloudformation:${name}`),
    [ofStage],
  );
  allow(["cloudformation:DescribeStacks"], bootstraps);
  allow(["cloudformation:ListImports"], ["*"]);
  allow(["sts:AssumeRole"], ["deploy", "file-publishing", "image-publishing", "lookup"].map(cdkRole));
  allow(["iam:PassRole"], [cdkRole("cfn-exec")], {
    StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" },
  });
  // SST notes there whether a stage was deployed or developed in.
  allow(
    ["s3:GetObject", "s3:PutObject"],
    [`arn:${stack.partition}:s3:::sstbootstrap-*/appMetadata/app.tagsmith/stage.${stage}.json`],
    {
      StringEquals: { "aws:ResourceAccount": stack.account },
    },
  );
  new CfnOutput(stack, "RoleArn", { value: role.roleArn });
  return stack;
}
