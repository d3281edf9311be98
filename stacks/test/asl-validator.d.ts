declare module "asl-validator" {
  /** Holds a definition in the Amazon States Language to its schema, and its states and paths to each other. */
  export default function validate(definition: unknown): { isValid: boolean; errors: unknown[] };
}
