import { parseArgs } from "node:util";
import { BundleError } from "./errors.ts";
import { runImport } from "./import-command.ts";
import { storeCommands } from "./store-commands.ts";
import { storeOptions } from "./store-options.ts";
import { ModelStore } from "./store.ts";
import type { Terminal } from "./terminal.ts";
import { parseUsage, UsageError } from "./usage.ts";

const USAGE = `Usage: npm run model -- COMMAND [--bucket NAME] [--endpoint URL] [--region NAME]

  import --onnx FILE --name NAME --version VERSION --out DIR
                        make a bundle of an ONNX model (more options: docs/model-bundle.md)
  publish DIR           put a bundle into the bucket
  promote NAME@VERSION  make a published model the one in use; --force also one that \`npm run evaluate\` found worse,
                        and in the place of a models/current.json that can't be read
  rollback              go back to the one before
  canary NAME@VERSION   let a published model answer a share of the questions: --share 0.1 unless given
  shadow NAME@VERSION   compare it on a share of the questions without answering: --share 1 unless given
  stop                  end the canary or shadow; promote and rollback end it, too
  list                  what is published, the one in use (*) and the one tried out (?) marked
  verify DIR            check a bundle's hashes and golden answers
  verify NAME@VERSION   the same for a published one

The bucket is --bucket or MODEL_BUCKET; another server than AWS is --endpoint or AWS_ENDPOINT_URL.`;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs one command line. Resolves to the exit code: 0, 1 where it failed, 2 where it was not understood. */
export async function runCommandLine(args: readonly string[], env: Environment, terminal: Terminal): Promise<number> {
  const [command = "", ...rest] = args;
  try {
    if (args.includes("--help")) terminal.out(USAGE);
    else if (command === "import") terminal.out(await runImport(rest));
    else terminal.out(await runStoreCommand([command, ...rest], env, terminal));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof BundleError)) throw error;
    terminal.err(error.message);
    if (error instanceof BundleError) return 1;
    terminal.err(`\n${USAGE}`);
    return 2;
  }
}

async function runStoreCommand(args: readonly string[], env: Environment, terminal: Terminal): Promise<string> {
  const { values, positionals } = parseUsage(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        bucket: { type: "string" },
        endpoint: { type: "string" },
        region: { type: "string" },
        force: { type: "boolean", default: false },
        share: { type: "string" },
      },
    }),
  );
  const [name = "", ...operands] = positionals;
  const command = storeCommands[name];
  if (!command) throw new UsageError(name ? `there is no command "${name}"` : "which command?");
  const { operand, run } = command;
  if (values.force && name !== "promote") throw new UsageError(`${name} takes no --force`);
  if (operands.length !== (operand ? 1 : 0)) throw new UsageError(`${name} takes ${operand ?? "no operand"}`);
  if (values.share !== undefined && name !== "canary" && name !== "shadow")
    throw new UsageError(`${name} takes no --share`);
  const { bucket = env.MODEL_BUCKET, endpoint = env.AWS_ENDPOINT_URL, region = env.AWS_REGION } = values;
  let store: ModelStore | undefined;
  const openStore = (): ModelStore => {
    if (!bucket) throw new UsageError("which bucket? Name it with --bucket or MODEL_BUCKET");
    return (store = new ModelStore(storeOptions(bucket, { ...env, AWS_ENDPOINT_URL: endpoint, AWS_REGION: region })));
  };
  try {
    return await run({ openStore, terminal, force: values.force, share: values.share }, operands[0] ?? "");
  } finally {
    store?.close();
  }
}
