import { useState } from "react";
import { copyText } from "../copy-text.ts";

/** Copies, and says what came of it in words that a status line shows and reads aloud. */
export function useCopy() {
  const [message, setMessage] = useState("");
  const copy = async (text: string, name = text) => {
    setMessage(""); // so that the same words are read again
    setMessage(
      (await copyText(text)) ? `Copied: ${name}` : "Your browser did not let this page copy. Select the text instead.",
    );
  };
  return { copy, message };
}
