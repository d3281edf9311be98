/** What the admin may choose, as its form says it. */
export type Choice =
  | { readonly intent: "promote"; readonly name: string; readonly version: string; readonly seen: string }
  | {
      readonly intent: "rollback";
      /** Where it goes back to, as NAME@VERSION: for the question alone. */
      readonly to: string;
      readonly seen: string;
    }
  | {
      readonly intent: "stop";
      /** What is tried out, likewise. */
      readonly tried: string;
      readonly seen: string;
    };

export function DecisionFields({ choice }: { choice: Choice }) {
  return Object.entries(choice).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}
