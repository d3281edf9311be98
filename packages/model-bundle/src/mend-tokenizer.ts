import type { Model, Tokenizer } from "@huggingface/tokenizers";

/** Has the JavaScript library read texts as Hugging Face's own does, where no `tokenizer.json` can tell it to. */
export function mendTokenizer({ model }: Tokenizer): void {
  if (!model) return;
  const cut = model._call.bind(model);
  const inBytes = "byte_fallback" in model.config && model.config.byte_fallback;
  const spell = (token: string) => (inBytes ? spelled(token, model) : [token]);
  // Of several words at once, it joins the unknown end of one with the unknown beginning of the next.
  model._call = (words) => words.flatMap((word) => cut([word]).flatMap(spell));
}

/** What is unknown, by its bytes if all of them are known: the library does so for BPE alone. */
function spelled(token: string, { tokens_to_ids: known }: Model): string[] {
  if (known.has(token)) return [token];
  const bytes = Array.from(Buffer.from(token), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  return bytes.every((byte) => known.has(byte)) ? bytes : [token];
}
