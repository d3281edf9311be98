import { Duration } from "aws-cdk-lib";
import {
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  ListenerCondition,
  TargetType,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { type StackContext, use } from "sst/constructs";
import { firewall } from "./firewall.ts";
import { listen } from "./listener.ts";
import { Network } from "./network.ts";
import { domainOf, stageOf } from "./stage.ts";
import { Storage } from "./storage.ts";

/** The one balancer and every public path. The services attach themselves, so in `sst dev` its targets are empty. */
export function Ingress({ app, stack }: StackContext) {
  const { vpc } = use(Network);
  const { logs } = use(Storage);
  const { requestsPerAddress } = stageOf(app);

  const balancer = new ApplicationLoadBalancer(stack, "Balancer", {
    vpc,
    internetFacing: true,
    idleTimeout: Duration.seconds(60),
    dropInvalidHeaderFields: true,
    desyncMitigationMode: DesyncMitigationMode.STRICTEST,
    // The web service compares it with the origin of a form.
    preserveHostHeader: true,
  });
  balancer.logAccessLogs(logs, "balancer");
  const firewallName = firewall(stack, balancer, requestsPerAddress);

  const target = (name: string, port: number, healthPath: string) =>
    new ApplicationTargetGroup(stack, name, {
      vpc,
      port,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      // Longer than a request takes, apart from a whole file, and shorter than the time that a stopping task has (container.ts).
      deregistrationDelay: Duration.seconds(35),
      healthCheck: {
        path: healthPath,
        interval: Duration.seconds(5),
        timeout: Duration.seconds(4),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
  const inference = target("InferenceTarget", 8080, "/readyz");
  const web = target("WebTarget", 3000, "/healthz");
  // While a version takes another one's place, a page's scripts and styles are only where the page came from (decision 34).
  web.enableCookieStickiness(Duration.minutes(1));

  const { listener, url } = listen(balancer, { domain: domainOf(), fallback: web });
  const conditions = [ListenerCondition.pathPatterns(["/api/*"])];
  new ApplicationListenerRule(stack, "Api", { listener, priority: 1, conditions, targetGroups: [inference] });

  return { url, balancer, firewallName, targets: { inference, web } };
}
