import type { Choice } from "./decision-fields.tsx";

/** What is asked before a choice is carried out. */
export function questionOf(choice: Choice) {
  return choice.intent === "promote"
    ? {
        title: `Promote ${choice.name}@${choice.version}?`,
        consequence:
          "The service loads it, checks it and then answers with it. You can roll back to the version that is in use now.",
        action: "Promote",
      }
    : {
        title: `Roll back to ${choice.to}?`,
        consequence:
          "The service loads it, checks it and then answers with it. The version that is in use now stays published.",
        action: "Roll back",
      };
}
