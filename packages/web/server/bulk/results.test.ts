import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { FakeInference } from "../../test/fake-inference.ts";
import { itWithBulk, tagsIn } from "../../test/with-bulk.ts";
import { parseCursor, type Cursor } from "@tagsmith/question-files/cursor";
import { askOf } from "./ask.ts";
import { tagSlice } from "./slice.ts";

/** Everything that is hard about CSV. */
const csv =
  "\ufeffid,Body,Title\r\n" +
  '1,"a, ""quoted"" body\r\nof two lines","Python, please"\r\n' +
  '2,,"字 of ""another"" language"\r\n' +
  '"3",plain,Java\r\n';

const taggedCsv =
  "\ufeffid,Body,Title,suggested_tags,confidences,error,model\r\n" +
  '1,"a, ""quoted"" body\r\nof two lines","Python, please","python,",0.9123,,fake@1\r\n' +
  '2,,"字 of ""another"" language",字,0.9123,,fake@1\r\n' +
  "3,plain,Java,java,0.9123,,fake@1\r\n";

/** The result of a file of which so many bytes are read at once, each time from where the last row ended. */
async function inSlices(file: Buffer, bytes: number): Promise<string> {
  const inference = new FakeInference();
  const { signal } = new AbortController();
  const texts = [];
  let cursor: Cursor | undefined;
  for (let begin = 0; begin < file.length;) {
    const end = Math.min(file.length, begin + bytes);
    const part = Readable.from([file.subarray(begin, end)]) as AsyncIterable<Buffer>;
    const slice = await tagSlice({ bytes: part, cursor, isWhole: end === file.length }, askOf(inference, signal));
    texts.push(slice.text);
    cursor = slice.cursor === "" ? undefined : parseCursor(slice.cursor);
    begin += slice.consumedBytes;
    if (slice.isBroken) break;
    if (slice.consumedBytes === 0) bytes += 1;
  }
  return texts.join("");
}

describe("a file of comma-separated values", () => {
  itWithBulk("comes back in its order with its columns as they were and four more", async ({ post }) => {
    const response = await post(csv);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="questions-tagged.csv"');
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(taggedCsv);
  });

  itWithBulk("keeps its name, whatever the language", async ({ post }) => {
    const { headers } = await post(csv, { name: "Fragen über 字.csv" });
    expect(headers.get("content-disposition")).toContain(
      `filename*=UTF-8''${encodeURIComponent("Fragen über 字-tagged.csv")}`,
    );
  });

  itWithBulk("keeps the kind of its name, whatever stands between its values", async ({ post }) => {
    const { headers } = await post("title\tid\nx\t1\n", { name: "questions.tsv" });
    expect(headers.get("content-disposition")).toBe('attachment; filename="questions-tagged.tsv"');
  });

  it("gives the same in slices, wherever they are cut", async () => {
    const file = Buffer.from(csv);
    const header = file.indexOf("\n") + 1;
    for (let bytes = header; bytes <= file.length; bytes++) expect(await inSlices(file, bytes)).toBe(taggedCsv);
  });

  itWithBulk("may have the separators of another country, and line ends of one kind", async ({ post }) => {
    expect(await (await post('"title";body\n"a;b";c\n')).text()).toBe(
      '"title";body;suggested_tags;confidences;error;model\r\n'.replaceAll('"', "") +
        '"a;b";c;"a;b";0.9123;;fake@1\r\n',
    );
    expect(await (await post("title\tbody\rx y\tz")).text()).toContain("x y\tz\tx\t0.9123\t\tfake@1\r\n");
  });

  itWithBulk("keeps columns that have the names of ours", async ({ post }) => {
    const [header, row] = (await (await post("title,error,suggested_tags,model\nx,mine,too,T\n")).text()).split("\r\n");
    expect(header).toBe("title,error,suggested_tags,model,suggested_tags_2,confidences,error_2,model_2");
    expect(row).toBe("x,mine,too,T,x,0.9123,,fake@1");
  });

  itWithBulk("marks each bad row with its number, field and reason, and asks for the others", async ({ post }) => {
    const long = "t".repeat(1_001);
    const text = await (await post(`title,body\n,empty\n${long},\nfine,\nonly one\na,b,c,d\n`)).text();
    expect(text.split("\r\n").slice(1)).toEqual([
      ',empty,,,"Row 1, title: Give your question a title.",',
      `${long},,,,"Row 2, title: This is 1,001 characters long; at most 1,000 can be read.",`,
      "fine,,fine,0.9123,,fake@1",
      "only one,,,,Row 4: This row has 1 field where the header names 2.,",
      "a,b,,,Row 5: This row has 4 fields where the header names 2.,,c,d",
      "",
    ]);
  });

  itWithBulk("is refused in UTF-16, with its mark or without, whole and in slices", async ({ post, postSlice }) => {
    const file = Buffer.from("\ufefftitle,body\nSort a list,x\n", "utf16le");
    const refusal = "This is not UTF-8 text. Save the file as UTF-8.";
    const other = Buffer.from(file).swap16();
    for (const bytes of [file, other, file.subarray(2), other.subarray(2)]) {
      expect(await (await post(bytes)).json()).toEqual({ refusal });
      expect(await postSlice(bytes, { isLast: "false" })).toEqual({ refusal });
    }
  });

  itWithBulk("marks each row that is not UTF-8, and no other", async ({ post }) => {
    const file = Buffer.concat([Buffer.from("title\nna\ufffdve\nfine\n"), Buffer.from("na\xefve\n", "latin1")]);
    expect(tagsIn(await (await post(file)).text())).toEqual(["", "fine", ""]);
    expect(tagsIn(await (await post("title\nna\ufffdve\n")).text())).toEqual(["na\ufffdve"]);
  });

  itWithBulk("adds nothing that a spreadsheet would run, and changes nothing of what was there", async ({ post }) => {
    const titles = ["=1+1", "+1", "-1", "@SUM(A1)", "c++"];
    const text = await (await post(`title\n${titles.join("\n")}\n`)).text();
    expect(text.split("\r\n").slice(1, -1)).toEqual([
      "=1+1,'=1+1,0.9123,,fake@1",
      "+1,'+1,0.9123,,fake@1",
      "-1,'-1,0.9123,,fake@1",
      "@SUM(A1),'@sum(a1),0.9123,,fake@1",
      "c++,c++,0.9123,,fake@1",
    ]);
  });

  itWithBulk("may have columns that are called as every object's parts are", async ({ post }) => {
    const [header, row] = (await (await post("title,__proto__,constructor\nx,a,b\n")).text()).split("\r\n");
    expect(header).toBe("title,__proto__,constructor,suggested_tags,confidences,error,model");
    expect(row).toBe("x,a,b,x,0.9123,,fake@1");
  });

  itWithBulk("says where it can't be read on, after what could", async ({ post }) => {
    const file = 'title\nfirst\n"a quote that opens\nsecond\n';
    const text = await (await post(file)).text();
    expect(text).toMatch(/first,first,0\.9123,,fake@1\r\n,,,Row 2: A quote opens here and never closes\./);
    expect(await inSlices(Buffer.from(file), 100)).toBe(text);
  });
});

describe("a file of JSON lines", () => {
  const lines =
    '{"id":12345678901234567890,"title":"Rust","body":null}\r\n\n{}\nnonsense\n{"title":7}\n{"title":"Go","error":"mine"}';
  const tagged =
    '{"id":12345678901234567890,"title":"Rust","body":null,"suggested_tags":["rust"],"confidences":[0.9123],"error":"","model":"fake@1"}\n' +
    '{"suggested_tags":[],"confidences":[],"error":"Row 2, title: There is none.","model":""}\n' +
    '{"line":"nonsense","suggested_tags":[],"confidences":[],"error":"Row 3: This line is not a JSON object.","model":""}\n' +
    '{"title":7,"suggested_tags":[],"confidences":[],"error":"Row 4, title: This is not text.","model":""}\n' +
    '{"title":"Go","error":"mine","suggested_tags":["go"],"confidences":[0.9123],"error_2":"","model":"fake@1"}\n';

  itWithBulk("comes back with each object's own text, to the digit", async ({ post }) => {
    const response = await post(lines, { name: "my questions.jsonl" });
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="my questions-tagged.jsonl"');
    expect(await response.text()).toBe(tagged);
  });

  it("gives the same in slices, wherever they are cut", async () => {
    const file = Buffer.from(lines);
    for (let bytes = 1; bytes <= file.length; bytes++) expect(await inSlices(file, bytes)).toBe(tagged);
  });
});
