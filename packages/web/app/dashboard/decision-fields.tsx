/** What the admin may choose, as its form says it. */
export type Choice =
  | { readonly intent: "promote"; readonly name: string; readonly version: string; readonly seen: string }
  | {
      readonly intent: "rollback";
      /** The version it goes back to, as NAME@VERSION. Only shown, not sent. */
      readonly to: string;
      readonly seen: string;
    }
  | {
      readonly intent: "stop";
      /** The version on trial. Only shown, not sent. */
      readonly tried: string;
      readonly seen: string;
    };

export function DecisionFields({ choice }: { choice: Choice }) {
  return Object.entries(choice).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}
