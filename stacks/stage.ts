import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { App, ServiceProps } from "sst/constructs";

/** How big a service is. */
interface Size {
  readonly cpu: NonNullable<ServiceProps["cpu"]>;
  readonly memory: NonNullable<ServiceProps["memory"]>;
  readonly minContainers: number;
  readonly maxContainers: number;
  /** Requests a minute for each container, half of what one was measured to do (docs/capacity.md); above, more are started. */
  readonly requestsPerContainer: number;
}

/** What a job of bulk.ts may take; nothing of it runs between two. */
interface BulkSize {
  /** Whole ones, of each task. */
  readonly cpus: number;
  readonly gigabytes: number;
  /** At once. */
  readonly tasks: number;
}

export interface Stage {
  readonly natGateways: number;
  readonly architecture: "arm64" | "x86_64";
  /** Spot costs a third, and AWS may take a task back with two minutes' notice. */
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT";
  readonly logRetention: RetentionDays;
  /** Whether the buckets outlive the stage. */
  readonly keepsData: boolean;
  /** Requests in five minutes from one address before the firewall refuses more. */
  readonly requestsPerAddress: number;
  /** How often the canary asks a question as a visitor does. */
  readonly canaryMinutes: number;
  /** The share of traces that is kept. */
  readonly tracesKept: number;
  readonly inference: Size;
  readonly web: Size;
  readonly bulk: BulkSize;
}

export interface Domain {
  readonly name: string;
  /** The Route 53 zone that it is in. */
  readonly zone: string;
}

const prod: Stage = {
  natGateways: 2,
  architecture: "x86_64",
  capacityProvider: "FARGATE",
  logRetention: RetentionDays.THREE_MONTHS,
  keepsData: true,
  requestsPerAddress: 3_000,
  canaryMinutes: 5,
  tracesKept: 0.05,
  inference: { cpu: "1 vCPU", memory: "2 GB", minContainers: 2, maxContainers: 10, requestsPerContainer: 120_000 },
  web: { cpu: "0.5 vCPU", memory: "1 GB", minContainers: 2, maxContainers: 10, requestsPerContainer: 2_300 },
  bulk: { cpus: 1, gigabytes: 3, tasks: 100 },
};

const others: Stage = {
  natGateways: 1,
  // What the machine that deploys can build without emulation.
  architecture: process.arch === "arm64" ? "arm64" : "x86_64",
  capacityProvider: "FARGATE_SPOT",
  logRetention: RetentionDays.ONE_WEEK,
  keepsData: false,
  requestsPerAddress: 1_000,
  canaryMinutes: 60,
  tracesKept: 1,
  inference: { cpu: "0.25 vCPU", memory: "0.5 GB", minContainers: 1, maxContainers: 2, requestsPerContainer: 22_000 },
  web: { cpu: "0.25 vCPU", memory: "0.5 GB", minContainers: 1, maxContainers: 2, requestsPerContainer: 700 },
  bulk: { cpus: 1, gigabytes: 3, tasks: 4 },
};

/** Every difference between stages. In `sst dev` no task runs in the VPC, so none pays for a way out of it. */
export function stageOf(app: App): Stage {
  const stage = app.stage === "prod" ? prod : others;
  return app.mode === "dev" ? { ...stage, natGateways: 0 } : stage;
}

/** The owner's domain, from the environment or the `.env.<stage>` that SST reads; without one the stage answers on HTTP. */
export function domainOf(): Domain | undefined {
  const { DOMAIN: name, HOSTED_ZONE: zone } = process.env;
  if (!name && zone) throw new Error(`HOSTED_ZONE is ${zone}, but no DOMAIN is named that would be in it.`);
  if (!name) return undefined;
  const domain = { name, zone: zone || name };
  if (/^[\w-]+(\.[\w-]+)+$/.test(name) && `.${name}`.endsWith(`.${domain.zone}`)) return domain;
  throw new Error(`DOMAIN is ${name}, which is no name in the zone ${domain.zone}, such as tags.example.org.`);
}

/** Who is written to when an alarm comes or goes, and where they read what to do; from the same places as the domain. */
export function operatorOf() {
  const { ALARM_EMAIL: mail, REPOSITORY_URL: repository } = process.env;
  if (mail && !/^[^\s,;@<>]+@[^\s,;@<>]+$/.test(mail)) throw new Error(`ALARM_EMAIL is ${mail}, and no one address.`);
  return { mail, runbook: `${repository ? `${repository.replace(/\/$/, "")}/blob/main/` : ""}docs/runbook.md` };
}
