/** How a fleet scales: target tracking on requests for each task, as CloudWatch and Fargate do it. */
const scaling = {
  /** One-minute datapoints above the target before more tasks are started. */
  datapoints: 3,
  minuteSeconds: 60,
  /** Fargate finds a host and fetches an image of 100 MB. Assumed: AWS promises nothing. */
  hostSeconds: 40,
  /** The process, until its model is there and proven: `npm run bench -- start`. */
  readySeconds: 0.5,
  /** Two health checks of the balancer, 5 s apart. */
  healthSeconds: 10,
} as const;

interface Spike {
  /** By so much the requests grow within a second. */
  readonly factor: number;
  /** The share of what the fleet can do that was asked of it before. */
  readonly load: number;
  readonly maxTasks: number;
  readonly tasks: number;
}

interface SpikeResult {
  readonly factor: number;
  /** Seconds in which requests were refused. */
  readonly refusedSeconds: number;
  /** Of all requests in the first ten minutes. */
  readonly refusedShare: number;
  readonly tasksAfter: number;
}

const watchedSeconds = 600;

/**
 * A fluid: in each second the fleet answers what it can and refuses the rest, since a request waits for two seconds at
 * most. Each minute the number of tasks that keep to `load` is asked for, once the datapoints agree.
 */
export function spike({ factor, load, maxTasks, tasks }: Spike): SpikeResult {
  const offered = tasks * load * factor;
  const coldStart = Math.ceil(scaling.hostSeconds + scaling.readySeconds + scaling.healthSeconds);
  let serving = tasks;
  let [refused, refusedSeconds, above] = [0, 0, 0];
  const starting: { readonly at: number; readonly tasks: number }[] = [];
  for (let second = 1; second <= watchedSeconds; second++) {
    serving = starting.findLast(({ at }) => at <= second)?.tasks ?? tasks;
    const over = Math.max(0, offered - serving);
    refused += over;
    if (over > 0) refusedSeconds++;
    if (second % scaling.minuteSeconds > 0) continue;
    above = offered / serving > load ? above + 1 : 0;
    const wanted = Math.min(maxTasks, Math.ceil(offered / load));
    const isUnderWay = (starting.at(-1)?.tasks ?? tasks) >= wanted;
    if (above >= scaling.datapoints && !isUnderWay) starting.push({ at: second + coldStart, tasks: wanted });
  }
  return { factor, refusedSeconds, refusedShare: refused / (offered * watchedSeconds), tasksAfter: serving };
}
