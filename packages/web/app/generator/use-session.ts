import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { isSameQuestion, type Question } from "../question.ts";
import { askForTags } from "./ask.ts";
import { keepDraft, readDraft } from "./draft.ts";
import { Session, type SessionState } from "./session.ts";
import { readFragment } from "./share-link.ts";

interface Options {
  /** What the server rendered. */
  readonly start: Partial<SessionState>;
  /** What the page's address brings, if anything. */
  readonly example: Question | undefined;
  /** What stands in the fields, typed before the scripts came or put back by the browser. */
  readonly readFields: () => Question;
}

/** The page's session: it takes up what is in the form, a shared link's question, or the tab's draft. */
export function useSession({ start, example, readFields }: Options) {
  const [{ session, rendered }] = useState(() => {
    const session = new Session(askForTags, start);
    return { session, rendered: session.state().values };
  });
  const state = useSyncExternalStore(session.subscribe, session.state, session.state);
  const [isLinkBroken, setLinkBroken] = useState(false);
  const shown = useRef(example);
  useEffect(() => void (shown.current = example), [example]);

  useEffect(() => {
    // Typing that React has told of before this effect is in the session; in the field it was put back to what was rendered.
    if (session.state().values === rendered) takeUp(session, { typed: readFields(), draft: readDraft(example) });
    const openLink = () =>
      void readFragment(window.location.hash).then(
        (shared) => {
          if (!shared) return;
          setLinkBroken(false);
          openShared(session, shared);
        },
        () => setLinkBroken(true),
      );
    openLink();
    const leave = () => keepDraft(session.state().values, shown.current);
    window.addEventListener("hashchange", openLink);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("hashchange", openLink);
      window.removeEventListener("pagehide", leave);
      leave();
      session.close();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the fields are taken up once, when the page is interactive
  }, [session]);

  return { session, state, isLinkBroken };
}

interface Kept {
  readonly typed: Question;
  readonly draft: Question | undefined;
}

function takeUp(session: Session, { typed, draft }: Kept): void {
  const { values, answer, errors } = session.state();
  const isRendered = answer !== undefined || Object.keys(errors).length > 0;
  if (!isSameQuestion(typed, values)) session.type(typed);
  else if (!isRendered) session.type(draft ?? values);
}

/** The fragment goes, or a later reload would put the shared text in the place of an edited one. */
function openShared(session: Session, shared: Question): void {
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  session.open(shared);
}
