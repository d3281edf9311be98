import { until } from "./poll.ts";
import type { Simulator } from "./simulator.ts";

interface Deployment {
  readonly status: "PRIMARY" | "ACTIVE";
  readonly rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly taskDefinition: string;
}

export interface Service {
  readonly serviceName: string;
  readonly clusterArn: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly deployments: readonly Deployment[];
  readonly loadBalancers: readonly { readonly targetGroupArn: string }[];
}

interface Task {
  readonly group: string;
  readonly containers: readonly { readonly runtimeId: string }[];
}

const SETTLED_MS = 240_000;

/** The services of all clusters, as ECS describes them. */
export async function services(simulator: Simulator): Promise<readonly Service[]> {
  const { clusterArns } = await ecs<{ clusterArns: string[] }>(simulator, "ListClusters");
  const described = clusterArns.map(async (cluster) => {
    const { serviceArns } = await ecs<{ serviceArns: string[] }>(simulator, "ListServices", { cluster });
    if (serviceArns.length === 0) return [];
    const input = { cluster, services: serviceArns };
    return (await ecs<{ services: Service[] }>(simulator, "DescribeServices", input)).services;
  });
  return (await Promise.all(described)).flat();
}

export async function service(simulator: Simulator, name: string): Promise<Service> {
  const found = (await services(simulator)).find(({ serviceName }) => serviceName.includes(name));
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
}

/** Resolves to the services once each runs what it wants, in one finished deployment, as healthy targets. */
export async function settled(simulator: Simulator): Promise<readonly Service[]> {
  const all = async () => {
    const now = await services(simulator);
    const states = await Promise.all(now.map((one) => unsettled(simulator, one)));
    const open = states.filter((state) => state !== undefined);
    if (open.length > 0) throw new Error(open.join("\n"));
    return now;
  };
  return until("the services settle", all, { timeoutMs: SETTLED_MS });
}

/** The ids of the containers that run a service. */
export async function containers(simulator: Simulator, { clusterArn, serviceName }: Service): Promise<string[]> {
  const list = { cluster: clusterArn, serviceName, desiredStatus: "RUNNING" };
  const { taskArns } = await ecs<{ taskArns: string[] }>(simulator, "ListTasks", list);
  if (taskArns.length === 0) return [];
  const input = { cluster: clusterArn, tasks: taskArns };
  const { tasks } = await ecs<{ tasks: Task[] }>(simulator, "DescribeTasks", input);
  return tasks.flatMap((task) => task.containers.map(({ runtimeId }) => runtimeId)).sort();
}

/** Replaces every task, as an operator does for a model that was promoted. */
export async function restart(simulator: Simulator, { clusterArn, serviceName }: Service): Promise<void> {
  await ecs(simulator, "UpdateService", { cluster: clusterArn, service: serviceName, forceNewDeployment: true });
  await settled(simulator);
}

/** @returns what is still missing, in words. */
async function unsettled(simulator: Simulator, one: Service): Promise<string | undefined> {
  const { serviceName, desiredCount, runningCount, deployments } = one;
  const rollouts = deployments
    .filter(({ status, rolloutState }) => status === "PRIMARY" || rolloutState !== "FAILED")
    .map(({ rolloutState }) => rolloutState);
  const healthy = (await Promise.all(one.loadBalancers.map((target) => healthyTargets(simulator, target)))).flat();
  const isSettled =
    desiredCount > 0 &&
    runningCount === desiredCount &&
    String(rollouts) === "COMPLETED" &&
    healthy.length === desiredCount;
  if (isSettled) return undefined;
  return `${serviceName}: ${runningCount} of ${desiredCount} run, ${healthy.length} healthy, ${rollouts.join(" and ")}`;
}

async function healthyTargets(simulator: Simulator, target: { targetGroupArn: string }): Promise<string[]> {
  const query = { Action: "DescribeTargetHealth", Version: "2015-12-01", TargetGroupArn: target.targetGroupArn };
  return (await simulator.query(query, "State")).filter((state) => state === "healthy");
}

async function ecs<T>(simulator: Simulator, operation: string, input: object = {}): Promise<T> {
  return simulator.json<T>(`AmazonEC2ContainerServiceV20141113.${operation}`, input);
}
