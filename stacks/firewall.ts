import type { ApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { CfnWebACL, CfnWebACLAssociation } from "aws-cdk-lib/aws-wafv2";
import type { Stack } from "sst/constructs";

/** AWS's rule sets, and those of their rules that only count what they find. */
const managed = {
  AWSManagedRulesAmazonIpReputationList: [],
  // A question is code: scripts, paths and addresses are its subject. It can be longer than the 8 KB that are looked at, too.
  // The service bounds a body's size and never runs it.
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    // The API is for programs, of which some name themselves only where they are told to, as .NET's.
    "NoUserAgent_HEADER",
  ],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
};

/** Puts the web application firewall before the balancer. Returns the name that CloudWatch knows it by. */
export function firewall(stack: Stack, balancer: ApplicationLoadBalancer, requestsPerAddress: number): string {
  // All firewalls of an account and region are told apart by it.
  const name = stack.stackName;
  const acl = new CfnWebACL(stack, "Firewall", {
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    visibilityConfig: visible(name),
    rules: [
      {
        name: "RatePerAddress",
        priority: 0,
        statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: requestsPerAddress } },
        action: { block: { customResponse: { responseCode: 429 } } },
        visibilityConfig: visible("RatePerAddress"),
      },
      ...Object.entries(managed).map(([name, counted], index) => ({
        name,
        priority: index + 1,
        statement: {
          managedRuleGroupStatement: {
            vendorName: "AWS",
            name,
            ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
          },
        },
        overrideAction: { none: {} },
        visibilityConfig: visible(name),
      })),
    ],
  });
  new CfnWebACLAssociation(stack, "FirewallAssociation", {
    resourceArn: balancer.loadBalancerArn,
    webAclArn: acl.attrArn,
  });
  return name;
}

function visible(metricName: string) {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
