import { data, redirect, type ActionFunctionArgs } from "@remix-run/node";
import * as z from "zod";
import type { Releases, StoreFailure, StoreResult } from "../../server/dashboard/releases.ts";
import { readForm } from "../form.server.ts";
import { requireAdmin } from "./admin.server.ts";

const seen = z.string().max(200);
const decision = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("promote"), name: z.string().min(1).max(64), version: z.string().min(1).max(64), seen }),
  z.object({ intent: z.literal("rollback"), seen }),
  z.object({ intent: z.literal("stop"), seen }),
]);

export interface DecisionFailure {
  readonly title: string;
  readonly message: string;
  readonly status: number;
}

interface Asked {
  /** The admin's name. */
  readonly by: string;
  readonly form: FormData;
}

/** What the forms of a decision are sent to. */
export async function takeDecision(asked: ActionFunctionArgs) {
  const { name: by } = await requireAdmin(asked);
  const failure = await decide(asked.context.dashboard.releases, { by, form: await readForm(asked.request) });
  if (!failure) return redirect("/dashboard/models");
  return data({ failure }, { status: failure.status });
}

/** Does what the form says. Gives why it couldn't, and nothing where it could. */
async function decide(releases: Releases | undefined, { by, form }: Asked): Promise<DecisionFailure | undefined> {
  const given = decision.safeParse(Object.fromEntries(form));
  if (!releases || !given.success) {
    const message = "The form was not one of this page’s. Nothing was changed.";
    return { title: "That can’t be done", message, status: 422 };
  }
  const result = await carryOut(releases, given.data, by);
  return result.ok ? undefined : describe(result.failure);
}

function carryOut(releases: Releases, given: z.infer<typeof decision>, by: string): Promise<StoreResult<string>> {
  const { seen } = given;
  switch (given.intent) {
    case "promote":
      return releases.promote(given, { by, seen });
    case "rollback":
      return releases.rollback({ by, seen });
    case "stop":
      return releases.stopTrial({ by, seen });
  }
}

function describe({ code, message }: StoreFailure): DecisionFailure {
  switch (code) {
    case "conflict":
    case "no_trial":
      return {
        title: "Somebody else was faster",
        message: `${message}. Look how it stands now, and decide again if you still want to.`,
        status: 409,
      };
    case "worse":
      return {
        title: "This version was found worse",
        message: `${message}. Nothing was changed; \`npm run model -- promote --force\` puts it to use all the same.`,
        status: 409,
      };
    case "not_found":
    case "no_previous":
    case "hash_mismatch":
    case "invalid_manifest":
      return { title: "This version can’t be put to use", message: `${message}. Nothing was changed.`, status: 409 };
    default:
      return {
        title: "The store failed",
        message: `${message}. Look whether anything was changed.`,
        status: 502,
      };
  }
}
