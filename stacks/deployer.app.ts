import { App } from "aws-cdk-lib";
import * as z from "zod";
import { deployer } from "./deployer.ts";

const app = new App();
const text = (name: string) => z.string({ error: `-c ${name}=… is missing` }).min(1);

/** `npm run deploy:role -- -c repository=owner/name`: once for an account, by its owner. */
const repository = text("repository")
  .regex(/^[\w.-]+\/[\w.-]+$/, "-c repository=owner/name, without wildcards")
  .parse(app.node.tryGetContext("repository"));
const provider = text("provider").optional().parse(app.node.tryGetContext("provider"));
deployer(app, { repository, stage: "prod", ...(provider === undefined ? {} : { provider }) });
