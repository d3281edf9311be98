import {
  ByteLevelPreTokenizer,
  PrecompiledNormalizer,
  SequenceNormalizer,
  SequencePreTokenizer,
  type Model,
  type Normalizer,
  type PreTokenizer,
  type Tokenizer,
} from "@huggingface/tokenizers";
import { Charsmap } from "./charsmap.ts";

/** Has the JavaScript library read texts as Hugging Face's own does, where no `tokenizer.json` can tell it to. */
export function mendTokenizer({ normalizer, pre_tokenizer: preTokenizer, model }: Tokenizer): void {
  if (normalizer) mendNormalizer(normalizer);
  if (preTokenizer) mendPreTokenizer(preTokenizer);
  if (model) mendModel(model);
}

/** Whatever the characters are that a tokenizer maps, the library maps them as NFKC does, or nearly. */
function mendNormalizer(normalizer: Normalizer): void {
  if (normalizer instanceof SequenceNormalizer) {
    for (const part of normalizer.normalizers) if (part) mendNormalizer(part);
  }
  if (!(normalizer instanceof PrecompiledNormalizer)) return;
  const charsmap = new Charsmap(normalizer.charsmap as string);
  normalizer.normalize = (text) => charsmap.normalize(text);
}

/** GPT-2's words. JavaScript's own \s has U+FEFF, a mark that files begin with, and lacks U+0085. */
const words =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|(?:\p{White_Space}(?!\P{White_Space}))+|\p{White_Space}/gu;

function mendPreTokenizer(preTokenizer: PreTokenizer): void {
  if (preTokenizer instanceof SequencePreTokenizer) {
    for (const part of preTokenizer.tokenizers) if (part) mendPreTokenizer(part);
  }
  if (preTokenizer instanceof ByteLevelPreTokenizer) preTokenizer.pattern = words;
}

function mendModel(model: Model): void {
  const cut = (word: string) => (model.fuse_unk ? fused(model.encode([word]), model) : model.encode([word]));
  const inBytes = "byte_fallback" in model.config && model.config.byte_fallback;
  const spell = (token: string) => (inBytes ? spelled(token, model) : [token]);
  // Of several words at once, it joins the unknown end of one with the unknown beginning of the next.
  model._call = (words) => words.flatMap((word) => cut(word).flatMap(spell));
}

/** Unknown letters side by side as one. The library looks up what it has of them with each further one: of 16,000, in two seconds. */
function fused(tokens: readonly string[], { tokens_to_ids: ids, unk_token_id: unknown }: Model): string[] {
  const pieces: string[] = [];
  let isRun = false;
  for (const token of tokens) {
    const isUnknown = (ids.get(token) ?? unknown) === unknown;
    if (isRun && isUnknown) pieces.push(`${pieces.pop() ?? ""}${token}`);
    else pieces.push(token);
    isRun = isUnknown;
  }
  return pieces;
}

/** What is unknown, by its bytes if all of them are known: the library does so for BPE alone. */
function spelled(token: string, { tokens_to_ids: known }: Model): string[] {
  if (known.has(token)) return [token];
  const bytes = Array.from(Buffer.from(token), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
  return bytes.every((byte) => known.has(byte)) ? bytes : [token];
}
