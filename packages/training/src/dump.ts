import { createReadStream } from "node:fs";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { DatasetError, type Example, unreadable } from "./dataset.ts";
import { splitOf } from "./split.ts";

const QUESTION = "1";

/**
 * Reads the questions of a Stack Exchange `Posts.xml`, one at a time, whatever the file's size; answers are skipped.
 * @throws {DatasetError} when the file can't be read or is not well-formed
 */
export async function* readDump(file: string): AsyncGenerator<Example, void, undefined> {
  const parser = new SaxesParser();
  const found: Example[] = [];
  parser.on("opentag", (tag) => {
    const example = tag.name === "row" ? exampleOf(tag) : undefined;
    if (example) found.push(example);
  });
  parser.on("error", (cause) => {
    throw new DatasetError(`${file}: ${cause.message}`, { cause });
  });
  try {
    for await (const chunk of createReadStream(file, { encoding: "utf8" })) {
      parser.write(chunk as string);
      yield* found.splice(0);
    }
  } catch (cause) {
    unreadable(file, cause);
  }
  parser.close();
  yield* found;
}

function exampleOf({ attributes }: SaxesTagPlain): Example | undefined {
  const { PostTypeId, Title, Tags, Body, CreationDate } = attributes;
  if (PostTypeId !== QUESTION || !Title || !Tags) return undefined;
  return {
    question: { title: Title, body: Body ?? "" },
    tags: tagsOf(Tags),
    tagsComplete: true,
    split: splitOf(Title),
    core: true,
    source: "dump",
    date: CreationDate?.slice(0, 10) ?? null,
  };
}

/** `<python><list>` until 2023, `|python|list|` since. */
function tagsOf(text: string): string[] {
  return text
    .split(/[<>|]+/)
    .filter((tag) => tag !== "")
    .map((tag) => tag.toLowerCase());
}
