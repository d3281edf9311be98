import { DeviceStore } from "../device-store.ts";
import { isSameQuestion, type Question } from "../question.ts";

export interface PastQuestion extends Question {
  readonly tags: readonly string[];
  /** When it was asked, in ISO 8601. */
  readonly at: string;
}

const kept = 20;

/** The latest first, each question once. */
function withQuestion(past: readonly PastQuestion[], asked: PastQuestion): readonly PastQuestion[] {
  return [asked, ...past.filter((other) => !isSameQuestion(other, asked))].slice(0, kept);
}

/** The questions that this device remembers. They leave it only when they are asked again. */
export const history = new DeviceStore("questions", parseHistory);

/** Remembers a question, and forgets the oldest ones where the device has no room for all of them. */
export function remember(asked: PastQuestion): void {
  for (let past = withQuestion(history.read(), asked); !history.write(past) && past.length > 1;)
    past = past.slice(0, -1);
}

export function forget(unwanted: PastQuestion): void {
  history.write(history.read().filter((other) => !isSameQuestion(other, unwanted)));
}

export const forgetAll = (): void => void history.write([]);

function parseHistory(value: unknown): readonly PastQuestion[] {
  return Array.isArray(value) ? value.filter(isPastQuestion) : [];
}

function isPastQuestion(value: unknown): value is PastQuestion {
  if (typeof value !== "object" || value === null) return false;
  const { title, body, tags, at } = value as Record<string, unknown>;
  return [title, body, at].every((text) => typeof text === "string") && Array.isArray(tags) && tags.every(isText);
}

const isText = (value: unknown) => typeof value === "string";
