import type { Choice } from "./decision.server.ts";

export function DecisionFields({ choice }: { choice: Choice }) {
  return Object.entries(choice).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}
