import type { Question } from "@tagsmith/question-files/question";

export { counted, grouped, questionErrors, toQuestion, type Question } from "@tagsmith/question-files/question";

export const noQuestion: Question = { title: "", body: "" };

export const isSameQuestion = (one: Question, other: Question): boolean =>
  one.title === other.title && one.body === other.body;
