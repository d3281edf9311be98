import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { BundleError, messageOf } from "./errors.ts";
import { mendTokenizer } from "./mend-tokenizer.ts";
import { inSoundTerms } from "./tokenizer-terms.ts";

/** What a text is to a model: each token's row, and whether it is of the first text or of the second. */
export interface Encoding {
  readonly ids: readonly number[];
  readonly typeIds: readonly number[];
}

/** Those whose tokens are Python's, id by id. */
const kinds = ["BPE", "Unigram", "WordPiece"];

interface TokenizerJson {
  readonly model?: Readonly<Record<string, unknown>>;
  readonly added_tokens?: readonly { readonly content: string; readonly single_word?: boolean }[];
}

/** A token is seldom longer; reading on for ever would let one long text hold up all others. */
const CHARACTERS_PER_TOKEN = 32;

export interface Limit {
  readonly maxTokens: number;
  /** Where a longer text is cut: at its end unless its end is what matters. */
  readonly side?: "left" | undefined;
}

/** What a `tokenizer.json` makes of texts: as Python's `tokenizer(text, pair, truncation=True, max_length=…)`. */
export class Tokenizer {
  readonly #tokenizer: HuggingFaceTokenizer;
  /** The ids of tokens that were added, by what becomes of them in a text: without case, "C++" is "c++". */
  readonly #added: ReadonlyMap<string, number>;
  readonly #maxTokens: number;
  readonly #kept: <T extends string | string[]>(whole: T, length: number) => T;

  /** @throws {BundleError} `invalid_model`, naming the file */
  constructor(path: string, json: string, { maxTokens, side }: Limit) {
    this.#maxTokens = maxTokens;
    this.#kept = side === "left" ? lastOf : firstOf;
    try {
      const parsed = inSoundTerms(JSON.parse(json) as object) as TokenizerJson;
      const kind = parsed.model?.["type"];
      if (typeof kind === "string" && !kinds.includes(kind)) {
        throw new Error(`model.type is ${kind}; supported are ${kinds.join(", ")}`);
      }
      // It merges the letters of a word as if none had the prefix.
      if (kind === "BPE" && parsed.model?.["continuing_subword_prefix"])
        throw new Error("model.continuing_subword_prefix is not supported");
      // It finds such a token within words, too.
      const word = parsed.added_tokens?.find(({ single_word: isWord }) => isWord);
      if (word) throw new Error(`added_tokens: single_word, as of "${word.content}", is not supported`);
      this.#tokenizer = new HuggingFaceTokenizer(parsed, {});
      mendTokenizer(this.#tokenizer);
    } catch (cause) {
      throw new BundleError("invalid_model", `${path} is not a tokenizer that can be used: ${messageOf(cause)}`, {
        cause,
      });
    }
    this.#added = idsOfAdded(this.#tokenizer);
    const room = maxTokens - this.#wrap([], []).tokens.length;
    if (room < 1) {
      const message = `${maxTokens} tokens leave no room beside those that ${path} adds`;
      throw new BundleError("invalid_model", `input.max_tokens: ${message}`);
    }
  }

  encode(text: string, pair?: string): Encoding {
    const first = this.#tokenize(text);
    const second = pair ? this.#tokenize(pair) : undefined;
    const room = this.#maxTokens - this.#wrap([], second && []).tokens.length;
    const [length, secondLength] = shares(first.length, second?.length ?? 0, room);
    const { tokens, typeIds } = this.#wrap(this.#kept(first, length), second && this.#kept(second, secondLength));
    return { ids: tokens.map((token) => this.#idOf(token)), typeIds };
  }

  #tokenize(text: string): string[] {
    return this.#tokenizer.tokenize(this.#kept(text, this.#maxTokens * CHARACTERS_PER_TOKEN));
  }

  /** Adds what the tokenizer puts around texts, as `[CLS]` and `[SEP]`. */
  #wrap(first: string[], second: string[] | undefined): { tokens: string[]; typeIds: number[] } {
    const { post_processor: processor } = this.#tokenizer;
    const wrapped = processor?.post_process(first, second ?? null, true);
    // One that puts nothing around texts, as GPT-2's, leaves two of them two.
    const tokens = [...(wrapped?.tokens ?? first), ...((wrapped ? wrapped.tokens_pair : second) ?? [])];
    return { tokens, typeIds: wrapped?.token_type_ids ?? tokens.map((_, at) => Number(at >= first.length)) };
  }

  /** Its error is for the log, where no question belongs: it doesn't name the token. */
  #idOf(token: string): number {
    const { model } = this.#tokenizer;
    const id: unknown = this.#added.get(token) ?? this.#tokenizer.token_to_id(token) ?? model?.unk_token_id;
    if (typeof id === "number") return id; // a Unigram's may be null
    throw new BundleError("invalid_model", "the tokenizer has no id for part of the text, and none for unknown tokens");
  }
}

function idsOfAdded(tokenizer: HuggingFaceTokenizer): Map<string, number> {
  const { normalizer } = tokenizer;
  const added = [...tokenizer.get_added_tokens_decoder().values()];
  return new Map(
    added.map(({ id, content, normalized }) => [
      normalized && normalizer ? normalizer.normalize(content) : content,
      id,
    ]),
  );
}

const firstOf = <T extends string | string[]>(whole: T, length: number) => whole.slice(0, length) as T;
const lastOf = <T extends string | string[]>(whole: T, length: number) =>
  whole.slice(Math.max(0, whole.length - length)) as T;

/** How much is kept of two texts: the longer one is shortened first, as by Hugging Face's `longest_first`. */
function shares(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const shorter = Math.min(first, second, Math.floor(room / 2));
  return first <= second ? [shorter, room - shorter] : [room - shorter, shorter];
}
