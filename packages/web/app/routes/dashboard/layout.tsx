import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { NavLink, Outlet, useLoaderData, useNavigate } from "@remix-run/react";
import { useState, type FormEvent } from "react";
import { Button } from "../../components/button.tsx";
import { UnansweredNotice } from "../../components/unanswered-notice.tsx";
import { requireAdmin, unkept } from "../../dashboard/admin.server.ts";

export const meta: MetaFunction = () => [{ title: "Dashboard · Tagsmith" }, { name: "robots", content: "noindex" }];

export const headers = () => unkept;

export { unlessUnanswered as shouldRevalidate } from "../../unanswered.ts";

export async function loader(asked: LoaderFunctionArgs) {
  return { name: (await requireAdmin(asked)).name };
}

const linkClass =
  "rounded-control px-3 py-1.5 text-muted hover:bg-plate hover:text-ink aria-[current=page]:bg-plate aria-[current=page]:font-semibold aria-[current=page]:text-ink";

/** What all pages of the dashboard have. */
export default function DashboardLayout() {
  const { name } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const [isUnanswered, setUnanswered] = useState(false);
  const signOut = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await fetch("/dashboard/sign-out", { method: "POST" }).catch(() => undefined);
    if (answer?.ok) navigate("/dashboard/sign-in");
    else setUnanswered(true);
  };
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-b border-line pb-4">
        <nav aria-label="Dashboard" className="flex gap-1">
          <NavLink to="/dashboard" end className={linkClass}>
            Live
          </NavLink>
          <NavLink to="/dashboard/models" className={linkClass}>
            Models
          </NavLink>
        </nav>
        <form
          method="post"
          action="/dashboard/sign-out"
          onSubmit={(event) => void signOut(event)}
          className="flex min-w-0 items-center gap-3 text-sm text-muted"
        >
          <span className="min-w-0">Signed in as {name}</span>
          <Button type="submit" className="shrink-0">
            Sign out
          </Button>
        </form>
      </div>
      {isUnanswered && (
        <div className="mb-8">
          <UnansweredNotice>You may still be signed in: sign out again in a moment.</UnansweredNotice>
        </div>
      )}
      <Outlet />
    </>
  );
}
