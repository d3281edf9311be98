import type { Tokenizer } from "@huggingface/tokenizers";

/** Has the JavaScript library read texts as Hugging Face's own does, where no `tokenizer.json` can tell it to. */
export function mendTokenizer({ model }: Tokenizer): void {
  if (!model) return;
  const cut = model._call.bind(model);
  // Of several words at once, it joins the unknown end of one with the unknown beginning of the next.
  model._call = (words) => words.flatMap((word) => cut([word]));
}
