import type { App } from "sst/constructs";

/** Each kind of alarm, as docs/runbook.md heads its entry. */
export type Kind = keyof typeof meanings;

export const meanings = {
  "no-healthy-host": "No task answers its health check: visitors get errors.",
  "server-errors": "More than 5 % of the requests fail.",
  "slow-answers": "One request of a hundred takes more than a second.",
  "rejected-connections": "The balancer turns visitors away: it has as many connections as it can hold.",
  "cpu-high": "The tasks' CPU is used up though the service may scale.",
  "memory-high": "The tasks' memory is nearly used up: they will be killed.",
  "tasks-missing": "Fewer tasks run than should.",
  "model-load-failure": "A model could not be loaded; the one before still serves.",
  "golden-mismatch": "A model answered its golden examples wrongly and was not taken.",
  "firewall-spike": "The firewall blocks unusually many requests.",
  "canary-failing": "The canary can't get tags for a question as a visitor does.",
  "error-budget": "Failed requests use the month's error budget up too fast.",
};

/** By its name a service finds an alarm that is made after it, without a reference that would lead in a circle. */
export function alarmName(app: App, kind: Kind, subject?: string): string {
  return app.logicalPrefixedName(subject === undefined ? kind : `${subject}-${kind}`);
}

/** The alarms which, raised by a deployment of the service, end and undo it. */
export function deploymentAlarms(app: App, service: string): string[] {
  const ofService = ["no-healthy-host", "server-errors", "slow-answers", "cpu-high", "memory-high"] as const;
  return [alarmName(app, "rejected-connections"), ...ofService.map((kind) => alarmName(app, kind, service))];
}
