import {
  Alarm,
  type AlarmBase,
  type AlarmProps,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  type TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { App, Stack, StackContext } from "sst/constructs";
import { operatorOf } from "../stage.ts";
import { alarmName, type Kind, meanings } from "./kinds.ts";

/** When an alarm comes. What it makes of a time in which nothing was measured is decided for each. */
export interface Condition extends Pick<
  AlarmProps,
  "metric" | "threshold" | "comparisonOperator" | "evaluationPeriods" | "datapointsToAlarm"
> {
  readonly kind: Kind;
  readonly treatMissingData: TreatMissingData;
}

export const above = (threshold: number) => ({
  threshold,
  comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
});
export const below = (threshold: number) => ({ threshold, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD });

/** Makes alarms that say what they mean and where to read on, and tell the topic when they come and go. */
export class Alarms {
  readonly #app: App;
  readonly #stack: Stack;
  readonly #action: SnsAction;

  constructor({ app, stack }: StackContext, topic: ITopic) {
    this.#app = app;
    this.#stack = stack;
    this.#action = new SnsAction(topic);
  }

  add(condition: Condition, subject?: string): void {
    this.#tell(this.part(condition, subject));
  }

  /** One that another is made of, and that tells nobody. */
  part({ kind, ...condition }: Condition, subject?: string): Alarm {
    const { id, name, text } = this.#describe(kind, subject);
    return new Alarm(this.#stack, id, { alarmName: name, alarmDescription: text, ...condition });
  }

  combine(kind: Kind, alarmRule: IAlarmRule, subject: string): void {
    const { id, name, text } = this.#describe(kind, subject);
    const props = { compositeAlarmName: name, alarmDescription: text, alarmRule };
    this.#tell(new CompositeAlarm(this.#stack, id, props));
  }

  #describe(kind: Kind, subject?: string) {
    const text = `${meanings[kind]} ${operatorOf().runbook}#${kind}`;
    return { id: [subject, kind].filter(Boolean).join("-"), name: alarmName(this.#app, kind, subject), text };
  }

  #tell(alarm: AlarmBase): void {
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }
}
