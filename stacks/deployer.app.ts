import { App } from "aws-cdk-lib";
import * as z from "zod";
import { deployer } from "./deployer.ts";

const app = new App();
const wanted = "-c repository=owner/name, without wildcards";
const schema = z.object({
  repository: z.string(wanted).regex(/^[\w.-]+\/[\w.-]+$/, wanted),
  provider: z.string().min(1, "-c provider=ARN, or none").optional(),
});

/** `npm run deploy:role -- -c repository=owner/name`: once for an account, by its owner. */
const { data, error } = schema.safeParse({
  repository: app.node.tryGetContext("repository") as unknown,
  provider: app.node.tryGetContext("provider") as unknown,
});
if (data) {
  const { repository, provider } = data;
  deployer(app, { repository, stage: "prod", ...(provider === undefined ? {} : { provider }) });
} else {
  process.stderr.write(`What is wanted: ${error.issues.map(({ message }) => message).join("; ")}\n`);
  process.exitCode = 1;
}
