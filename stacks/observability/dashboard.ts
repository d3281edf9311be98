import { type Dashboard, GraphWidget, type IWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { ApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { graphs, type Shown } from "./graphs.ts";
import { objectiveWidgets } from "./objective-widgets.ts";

/** Puts all that the alarms look at, and what explains it, on the page: what is promised comes first. */
export function show(page: Dashboard, balancer: ApplicationLoadBalancer, shown: Shown): void {
  page.addWidgets(...objectiveWidgets(balancer));
  const widgets = Object.entries(graphs(shown)).map(
    ([title, graph]) => new GraphWidget({ title, width: 8, height: 6, ...graph }) as IWidget,
  );
  page.addWidgets(...widgets);
}
