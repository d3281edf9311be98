import { useState } from "react";
import { shareLink } from "../generator/share-link.ts";
import { useCopy } from "../generator/use-copy.ts";
import type { Question } from "../question.ts";
import { Button } from "./button.tsx";

/** Copies a link that holds the question itself: nobody but who is given it can read it, this site's server included. */
export function ShareButton({ question, onShare }: { question: Question; onShare: () => void }) {
  const { copy, message } = useCopy();
  const [shared, setShared] = useState<Question>();
  const share = async () => {
    setShared(question);
    await copy(await shareLink(window.location.origin, question), "a link to this question");
    onShare();
  };
  return (
    <>
      <Button onClick={() => void share()}>Copy a link</Button>
      <span role="status" className="text-sm">
        {shared === question && message}
      </span>
    </>
  );
}
