import { ModelStore } from "@tagsmith/model-bundle/store";
import type { Config } from "../env.ts";
import { Agreement } from "./agreement.ts";
import { CloudWatchSource } from "./cloudwatch-source.ts";
import { RateLimit } from "../rate-limit.ts";
import { Dashboard, signInLimits } from "./dashboard.ts";
import { passwordFromSecret, type PasswordSource } from "./password-source.ts";
import { Releases } from "./releases.ts";
import { ServiceSource } from "./service-source.ts";
import { readServing } from "./serving.ts";
import type { DashboardSource } from "./source.ts";

/** The dashboard that the settings make; nothing is asked or measured for one that is off. */
export function createDashboard(config: Config): Dashboard {
  const store = config.store && new ModelStore(config.store);
  return new Dashboard({
    password: passwordOf(config),
    limiter: new RateLimit(signInLimits),
    figures: figuresOf(config),
    releases: store && new Releases(store),
    agreement: store && new Agreement(store),
    serving: () => readServing(config.inferenceUrl),
  });
}

function passwordOf({ password }: Config): PasswordSource {
  if (password && "secret" in password) return passwordFromSecret(password.secret);
  return () => Promise.resolve(password?.hash);
}

function figuresOf({ metrics, inferenceUrl, password }: Config): DashboardSource {
  if (metrics) return new CloudWatchSource({ names: metrics });
  return new ServiceSource({ url: inferenceUrl, isMeasuring: password !== undefined });
}
