import type { SSTConfig } from "sst";
import { Bulk } from "./stacks/bulk.ts";
import { Inference } from "./stacks/inference.ts";
import { Ingress } from "./stacks/ingress.ts";
import { Network } from "./stacks/network.ts";
import { Observability } from "./stacks/observability.ts";
import { Storage } from "./stacks/storage.ts";
import { Web } from "./stacks/web.ts";

export default {
  config() {
    return { name: "tagsmith", region: process.env.AWS_REGION ?? "us-east-1" };
  },
  stacks(app) {
    app.stack(Network).stack(Storage).stack(Ingress).stack(Inference).stack(Web).stack(Bulk).stack(Observability);
  },
} satisfies SSTConfig;
