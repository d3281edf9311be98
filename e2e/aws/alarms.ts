import { until } from "./poll.ts";
import type { Simulator } from "./simulator.ts";

const cloudWatch = { Version: "2010-08-01" };
const sns = { Version: "2010-03-31" };

interface Told {
  readonly AlarmName: string;
  readonly NewStateValue: string;
  readonly AlarmDescription: string;
}

/**
 * Sets every metric alarm off and waits until the operator's topic has told of each that tells anybody. The alarms on other
 * alarms come by themselves.
 * @returns how many were told.
 */
export async function setOffAlarms(simulator: Simulator): Promise<number> {
  const queue = await subscribe(simulator);
  const metricAlarms = await named(simulator, "MetricAlarm");
  const parts = metricAlarms.filter((name) => /-\d+m-error-budget$/.test(name));
  const telling = [...metricAlarms, ...(await named(simulator, "CompositeAlarm"))].filter(
    (name) => !parts.includes(name),
  );
  const told = new Map<string, Told>();
  for (const AlarmName of metricAlarms) await setState(simulator, AlarmName, "ALARM");
  await until(
    "each alarm is told",
    async () => {
      for (const alarm of await received(simulator, queue)) told.set(alarm.AlarmName, alarm);
      const missing = telling.filter((name) => told.get(name)?.NewStateValue !== "ALARM");
      if (missing.length > 0) throw new Error(`not told: ${missing.join(", ")}`);
      return true;
    },
    { timeoutMs: 30_000 },
  );
  for (const { AlarmName, AlarmDescription } of told.values()) {
    if (!AlarmDescription.includes("docs/runbook.md#")) throw new Error(`${AlarmName} names no entry of the runbook`);
  }
  for (const AlarmName of metricAlarms) await setState(simulator, AlarmName, "OK");
  return told.size;
}

/** @returns the address of a queue that gets what the operator's topic tells. */
async function subscribe(simulator: Simulator): Promise<string> {
  const [topic = ""] = (await simulator.query({ Action: "ListTopics", ...sns }, "TopicArn")).filter((arn) =>
    arn.includes("Alarms"),
  );
  const { QueueUrl } = await simulator.json<{ QueueUrl: string }>("AmazonSQS.CreateQueue", { QueueName: "operator" });
  const input = { QueueUrl, AttributeNames: ["QueueArn"] };
  const { Attributes } = await simulator.json<{ Attributes: { QueueArn: string } }>(
    "AmazonSQS.GetQueueAttributes",
    input,
  );
  const subscription = { TopicArn: topic, Protocol: "sqs", Endpoint: Attributes.QueueArn };
  await simulator.query({ Action: "Subscribe", ...sns, ...subscription }, "SubscriptionArn");
  return QueueUrl;
}

async function named(simulator: Simulator, type: "MetricAlarm" | "CompositeAlarm"): Promise<string[]> {
  const filter = { "AlarmTypes.member.1": type, AlarmNamePrefix: "prod-tagsmith-", MaxRecords: "100" };
  return simulator.query({ Action: "DescribeAlarms", ...cloudWatch, ...filter }, "AlarmName");
}

async function setState(simulator: Simulator, AlarmName: string, StateValue: "ALARM" | "OK"): Promise<void> {
  const input = { AlarmName, StateValue, StateReason: "to see that it is told" };
  await simulator.query({ Action: "SetAlarmState", ...cloudWatch, ...input }, "RequestId");
}

async function received(simulator: Simulator, QueueUrl: string): Promise<Told[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await simulator.json<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
    "AmazonSQS.ReceiveMessage",
    input,
  );
  for (const { ReceiptHandle } of Messages)
    await simulator.json("AmazonSQS.DeleteMessage", { QueueUrl, ReceiptHandle });
  return Messages.map(({ Body }) => JSON.parse((JSON.parse(Body) as { Message: string }).Message) as Told);
}
