import type { Choice } from "./decision.server.ts";

/** What is asked before a choice is carried out. */
export function questionOf(choice: Choice) {
  switch (choice.intent) {
    case "promote":
      return {
        title: `Promote ${choice.name}@${choice.version}?`,
        consequence:
          "The service loads it, checks it and then answers with it. You can roll back to the version that is in use now.",
        action: "Promote",
      };
    case "rollback":
      return {
        title: `Roll back to ${choice.to}?`,
        consequence:
          "The service loads it, checks it and then answers with it. The version that is in use now stays published.",
        action: "Roll back",
      };
    case "stop":
      return {
        title: `Stop the trial of ${choice.tried}?`,
        consequence: "The version in use answers all questions again. The one on trial stays published.",
        action: "Stop the trial",
      };
  }
}
