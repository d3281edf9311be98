import { Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import { dependsOn, type StackContext, use } from "sst/constructs";
import { Inference } from "./inference.ts";
import { Ingress } from "./ingress.ts";
import { Alarms } from "./observability/alarms.ts";
import { canary } from "./observability/canary.ts";
import { show } from "./observability/dashboard.ts";
import { blockedRequests, serviceMetrics, siteMetrics } from "./observability/metrics.ts";
import { serviceConditions } from "./observability/service-alarms.ts";
import { siteConditions } from "./observability/site-alarms.ts";
import { budgetAlarms } from "./observability/slo.ts";
import { alarmTopic } from "./observability/topic.ts";
import { operatorOf, stageOf } from "./stage.ts";
import { Storage } from "./storage.ts";
import { Web } from "./web.ts";

/** What lets an operator sleep: alarms, a canary and a dashboard. In `sst dev` and `sst remove` nothing runs to be watched. */
export function Observability(context: StackContext) {
  const { app, stack } = context;
  const { logs } = use(Storage);
  const { balancer, targets, url, firewallName } = use(Ingress);
  const inference = use(Inference).fargateService;
  const web = use(Web).fargateService;
  dependsOn(Web);
  if (!inference || !web) return;
  const stage = stageOf(app);

  const services = {
    inference: serviceMetrics({ balancer, target: targets.inference, service: inference }),
    web: serviceMetrics({ balancer, target: targets.web, service: web }),
  };
  const site = siteMetrics(balancer);
  const canaryName = app.logicalPrefixedName("journey").toLowerCase();
  const { canaryMinutes: minutes, logRetention: retention } = stage;
  const visitor = canary(stack, { name: canaryName, minutes, url, logs, retention });
  const watched = { blocked: blockedRequests(stack, firewallName), canary: visitor };

  const alarms = new Alarms(context, alarmTopic(stack, operatorOf().mail));
  for (const [name, metrics] of Object.entries(services)) {
    for (const condition of serviceConditions(metrics)) alarms.add(condition, name);
  }
  for (const condition of siteConditions({ ...watched, site, stage: app.stage }, stage)) alarms.add(condition);
  budgetAlarms(alarms, balancer);

  const page = new Dashboard(stack, "Dashboard", { dashboardName: app.logicalPrefixedName("operations") });
  show(page, balancer, { ...watched, site, services, stage: app.stage });
}
