import type { Measured } from "./cloudwatch.ts";

interface Row {
  readonly name: string;
  /** Each must raise the alarm in its last period. */
  readonly fires: readonly Measured[];
  /** None may raise it at any time. */
  readonly quiet: readonly Measured[];
}

/** Nothing was measured. */
const none = undefined;

function times(periods: number, value: number | undefined) {
  return Array.from({ length: periods }, () => value);
}

/** A quarter of an hour of each figure; a list is told as it is. */
function minutes(figures: Readonly<Record<string, number | undefined | readonly (number | undefined)[]>>): Measured {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === "object" ? [...times(15 - value.length, value[0]), ...value] : times(15, value),
    ]),
  );
}

const answered = (RequestCount: number | undefined, figures: Parameters<typeof minutes>[0] = {}) =>
  minutes({
    RequestCount,
    HTTPCode_Target_5XX_Count: none,
    TargetConnectionErrorCount: none,
    HTTPCode_ELB_5XX_Count: none,
    ...figures,
  });

const ofService = (service: string): Row[] => [
  {
    name: `${service}-no-healthy-host`,
    fires: [minutes({ HealthyHostCount: [2, 0, 0] }), minutes({ HealthyHostCount: [2, ...times(4, none)] })],
    quiet: [minutes({ HealthyHostCount: [2, 0, 1, 2] }), minutes({ HealthyHostCount: [2, none, 2] })],
  },
  {
    name: `${service}-server-errors`,
    fires: [
      answered(100, { HTTPCode_Target_5XX_Count: [none, 8, 8, 8] }),
      answered(100, { TargetConnectionErrorCount: [none, 100, none, 100, 100] }),
      answered(100, { HTTPCode_Target_5XX_Count: [none, 3, 3, 3], TargetConnectionErrorCount: [none, 3, 3, 3] }),
    ],
    quiet: [
      answered(10, { HTTPCode_Target_5XX_Count: 10 }), // too few to tell
      answered(100, { HTTPCode_Target_5XX_Count: 5 }),
      answered(100, { HTTPCode_Target_5XX_Count: [none, 90, 90, none, none, none] }),
      answered(none),
    ],
  },
  {
    name: `${service}-slow-answers`,
    fires: [
      answered(20, { TargetResponseTime: [0.1, 2, 2, 2, 2] }),
      answered(5_000, { TargetResponseTime: [0.1, 2, 2, 0.1, 2, 2] }),
    ],
    quiet: [
      answered(10, { TargetResponseTime: 5 }), // too few to tell
      answered(100, { TargetResponseTime: [0.1, 5, 5, 5, 0.1] }),
      answered(100, { TargetResponseTime: 1 }),
      answered(none, { TargetResponseTime: none }),
    ],
  },
  ...(["cpu-high CPUUtilization", "memory-high MemoryUtilization"] as const).map((text): Row => {
    const [kind = "", metric = ""] = text.split(" ");
    return {
      name: `${service}-${kind}`,
      fires: [minutes({ [metric]: [60, 95, 95, 95, 95, 95] })],
      quiet: [minutes({ [metric]: [60, 95, 95, 95, 95, 60] }), minutes({ [metric]: 85 }), minutes({ [metric]: none })],
    };
  }),
  {
    name: `${service}-tasks-missing`,
    fires: [
      minutes({ DesiredTaskCount: 2, RunningTaskCount: [2, ...times(10, 1)] }),
      minutes({ DesiredTaskCount: [2, ...times(14, none)], RunningTaskCount: [2, ...times(14, none)] }),
    ],
    quiet: [
      minutes({ DesiredTaskCount: 2, RunningTaskCount: [2, ...times(9, 1), 2] }),
      minutes({ DesiredTaskCount: 2, RunningTaskCount: 4 }), // a deployment
    ],
  },
];

const budget = (part: string, failed: { readonly burning: number; readonly allowed: number }): Row => ({
  name: `${part}-error-budget`,
  fires: [
    answered(1_000, { HTTPCode_Target_5XX_Count: [none, failed.burning] }),
    answered(1_000, { HTTPCode_ELB_5XX_Count: [none, failed.burning] }),
  ],
  quiet: [
    answered(1_000, { HTTPCode_Target_5XX_Count: failed.allowed }),
    answered(99, { HTTPCode_Target_5XX_Count: 99 }),
    answered(none),
  ],
});

/** For every alarm, figures that must raise it, and figures that look alike and must not. */
export const rows: readonly Row[] = [
  ...["inference", "web"].flatMap(ofService),
  {
    name: "rejected-connections",
    fires: [minutes({ RejectedConnectionCount: [none, 3] })],
    quiet: [minutes({ RejectedConnectionCount: none }), minutes({ RejectedConnectionCount: 0 })],
  },
  ...["model-load-failure", "golden-mismatch"].map((name) => ({
    name,
    fires: [minutes({ tagsmith_model_load_failures_total: [0, 1] })],
    quiet: [minutes({ tagsmith_model_load_failures_total: 0 }), minutes({ tagsmith_model_load_failures_total: none })],
  })),
  {
    name: "firewall-spike",
    fires: [minutes({ BlockedRequests: [none, 200, 1_001] })],
    quiet: [minutes({ BlockedRequests: [none, 900, 1_000, none] })],
  },
  {
    name: "canary-failing",
    fires: [minutes({ SuccessPercent: [100, 0, 0] }), minutes({ SuccessPercent: [100, ...times(4, none)] })],
    quiet: [minutes({ SuccessPercent: [100, 0, 100, 0, 100] }), minutes({ SuccessPercent: [100, none, 100] })],
  },
  budget("fast-60m", { burning: 15, allowed: 14 }),
  budget("fast-5m", { burning: 15, allowed: 14 }),
  budget("slow-360m", { burning: 7, allowed: 6 }),
  budget("slow-30m", { burning: 7, allowed: 6 }),
];
