import { limits as ofQuestions } from "@tagsmith/question-files/limits";

/** What the form takes. */
export const limits = {
  ...ofQuestions,
  /** Bytes of a submitted form: a character of the body takes up to nine of them. */
  formBytes: 1_048_576,
} as const;
