import {
  data,
  redirect,
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation, type ClientActionFunctionArgs } from "@remix-run/react";
import * as z from "zod";
import { Button } from "../../components/button.tsx";
import { TextField } from "../../components/field.tsx";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { UnansweredNotice } from "../../components/unanswered-notice.tsx";
import { findAdmin, unkept } from "../../dashboard/admin.server.ts";
import { HowToSwitchOn } from "../../dashboard/how-to-switch-on.tsx";
import { readForm } from "../../form.server.ts";
import { isUnanswered, orUnanswered, unlessUnanswered } from "../../unanswered.ts";

export const meta: MetaFunction = () => [
  { title: "Sign in · Tagsmith" },
  { name: "description", content: "The dashboard is for whoever runs this site." },
  { name: "robots", content: "noindex" },
];

export const headers: HeadersFunction = ({ actionHeaders }) => {
  const answered = new Headers(actionHeaders);
  Object.entries(unkept).forEach(([name, value]) => answered.set(name, value));
  return answered;
};

export async function loader({ request, context }: LoaderFunctionArgs) {
  const isOn = (await context.dashboard.sessions()) !== undefined;
  if (isOn && (await findAdmin({ request, context }))) return redirect("/dashboard");
  return { isOn, isForgotten: new URL(request.url).searchParams.has(signedIn) };
}

/** In the address that a browser with the right password is led to: one that comes without its session has not kept it. */
const signedIn = "signed-in";

/** What stands in the history where no person gave a name. */
const reservedNames = ["seed", "operator"];

/** Within a word, Persian and many emoji need a joiner or its opposite. */
const visible = /^(?:[^\p{C}]|(?<=[^\p{C}\s])[\u200c\u200d](?=[^\p{C}\s]))*$/u;

const submission = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Say who you are: your name stands beside what you promote.")
    .max(40, "Keep it to 40 characters.")
    .regex(visible, "Use characters that can be seen.")
    .refine(
      (name) => !reservedNames.includes(name.toLowerCase()),
      "This name is kept for what no person did. Choose another one.",
    ),
  password: z.string().min(1, "The password is missing."),
});

export async function action({ request, context }: ActionFunctionArgs) {
  const form = Object.fromEntries(await readForm(request));
  const given = submission.safeParse({ name: "", password: "", ...form });
  const name = typeof form["name"] === "string" ? form["name"] : "";
  if (!given.success) {
    const { fieldErrors } = z.flattenError(given.error);
    return data(
      { name, errors: { name: fieldErrors.name?.[0], password: fieldErrors.password?.[0] } },
      { status: 422 },
    );
  }
  const answer = await context.dashboard.signIn({ ...given.data, address: context.clientAddress }, request);
  if (answer.ok) {
    const headers = answer.cookies.map((cookie): [string, string] => ["Set-Cookie", cookie]);
    return redirect(`/dashboard/sign-in?${signedIn}`, { headers });
  }
  if (answer.reason === "wrong") {
    return data({ name, errors: { name: undefined, password: "That is not the password." } }, { status: 401 });
  }
  const { retryAfterSeconds } = answer;
  const headers = { "Retry-After": String(retryAfterSeconds) };
  return data({ name, errors: undefined, waitMinutes: Math.ceil(retryAfterSeconds / 60) }, { status: 429, headers });
}

export { unlessUnanswered as shouldRevalidate };

export const clientAction = ({ serverAction }: ClientActionFunctionArgs) => orUnanswered(serverAction);

export default function SignIn() {
  const { isOn, isForgotten } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const isPending = useNavigation().state === "submitting";
  if (!isOn) return <HowToSwitchOn />;
  const { name = "", errors } = answer ?? {};
  const minutes = answer && "waitMinutes" in answer ? answer.waitMinutes : undefined;
  return (
    <div className="mx-auto max-w-md">
      <PageHeading title="Sign in">The dashboard is for whoever runs this site.</PageHeading>
      <Form method="post" className="mt-8 grid gap-6" noValidate>
        {errors && !isPending && (
          <p role="alert" className="sr-only">
            {Object.values(errors).filter(Boolean).join(" ")}
          </p>
        )}
        {isForgotten && !answer && (
          <Notice kind="danger" title="The password was right, but you are not signed in">
            The browser did not keep the cookie that says so. Allow this site its cookies, and sign in again.
          </Notice>
        )}
        {minutes !== undefined && (
          <Notice kind="danger" title="Too many wrong passwords">
            Try again in {minutes} {minutes === 1 ? "minute" : "minutes"}. Until then no password is looked at.
          </Notice>
        )}
        {isUnanswered(answer) && (
          <UnansweredNotice>What you filled in is still here. Sign in again in a moment.</UnansweredNotice>
        )}
        <TextField
          label="Your name"
          name="name"
          autoComplete="username"
          hint="It stands beside the models that you promote."
          required
          defaultValue={name}
          error={errors?.name}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={errors?.password}
        />
        <Button type="submit" look="primary" className="justify-self-start">
          {isPending ? "Signing in…" : "Sign in"}
        </Button>
      </Form>
    </div>
  );
}
