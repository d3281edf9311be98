import { describe, expect, it } from "vitest";
import { bulkLimits } from "../../app/bulk.ts";
import { itWithBulk } from "../../test/with-bulk.ts";
import { fileReceiver } from "./upload.ts";

it("a folder for files that can't be made is told with its variable", () => {
  expect(() => fileReceiver("/dev/null/files")).toThrow(/^UPLOAD_FOLDER: .*\/dev\/null\/files/);
});

describe("a file that can't be read", () => {
  const refusals = [
    ["without a column of titles", "name,body\nx,y\n", /must name the columns.*: name, body\./],
    ["with two of them", "title,Title\nx,y\n", /must name the columns/],
    ["that is empty", " \n", /is empty/],
    ["of Parquet", "PAR1\x15\x04title", /^This is a Parquet file\. Only `npm run bulk` reads it/],
    [
      "that is one JSON array",
      '[{"title":"x"}]',
      /^This is a JSON array\. Give each of its objects a line of its own\.$/,
    ],
  ] as const;
  for (const [name, file, reason] of refusals) {
    itWithBulk(`${name} is refused with the reason`, async ({ post, left }) => {
      const response = await post(file);
      expect(response.status).toBe(422);
      expect(await response.json()).toEqual({ refusal: expect.stringMatching(reason) as string });
      expect(await left()).toEqual([]);
    });
  }

  itWithBulk("brings a browser back to the page, which says why", async ({ post }) => {
    const response = await post("", { accept: "text/html,*/*;q=0.8" });
    expect(response.status).toBe(422);
    expect(await response.text()).toBe("page: The file is empty.");
  });

  itWithBulk("is not looked for in a form of many fields, which would be kept in memory", async ({ url, left }) => {
    const form = new FormData();
    for (let index = 0; index < 10; index++) form.append(`field${index}`, "x".repeat(1_000));
    form.append("file", new Blob(["title\nx\n"]), "questions.csv");
    const response = await fetch(`${url}/bulk`, { method: "POST", body: form });
    expect([response.status, await response.text()]).toEqual([422, expect.stringContaining("Too many fields")]);
    expect(await left()).toEqual([]);
  });

  const forms = [
    ["without a boundary", "multipart/form-data", "title"],
    ["that ends in the middle", "multipart/form-data; boundary=x", "--x\r\ncontent-disposition: form-data"],
  ] as const;
  for (const [name, type, body] of forms) {
    itWithBulk(`nor a form ${name}, which says so`, async ({ url, left }) => {
      const response = await fetch(`${url}/bulk`, { method: "POST", headers: { "content-type": type }, body });
      expect([response.status, await response.text()]).toEqual([
        422,
        expect.stringContaining("The form can’t be read"),
      ]);
      expect(await left()).toEqual([]);
    });
  }

  for (const name of ["../../etc/passwd", "..\\..\\x", "/etc/passwd.csv", "a\r\nset-cookie: x=1.csv", 'x";y=".csv']) {
    itWithBulk(`is never written under its own name: ${JSON.stringify(name)}`, async ({ post, left }) => {
      const response = await post("title\nx\n", { name });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-disposition")).toMatch(
        /^attachment; filename="(?!.*\.\.)[^/]*-tagged\.csv"/,
      );
      expect(response.headers.has("set-cookie")).toBe(false);
      expect(await left()).toEqual([]);
    });
  }

  itWithBulk("is no part that fills the memory", async ({ postSlice }) => {
    const { refusal } = await postSlice(Buffer.alloc(bulkLimits.sliceBytes + 1, "x\n"), { isLast: "false" });
    expect(refusal).toBe("The file is not taken: larger than 2 MiB, the limit here.");
    const crowded = await postSlice(Buffer.from("title\n"), { isLast: "true", one: "", more: "" });
    expect(crowded.refusal).toContain("Too many fields");
  });

  itWithBulk("is not taken with a cursor from elsewhere", async ({ postSlice }) => {
    const { refusal } = await postSlice(Buffer.from("x\n"), { cursor: '{"row":-1}', isLast: "true" });
    expect(refusal).toContain("cursor");
  });
});

itWithBulk("a file of as many columns as are read goes on with its next part", async ({ postSlice }) => {
  const names = Array.from({ length: 9_000 }, (_, index) => `a_column_of_many_${index}`);
  const [header, row] = [
    ["title", ...names],
    ["x", ...names],
  ].map((cells) => `${cells.join()}\n`);
  const first = await postSlice(Buffer.from(`${header}${row}`), { isLast: "false" });
  const second = await postSlice(Buffer.from(row ?? ""), { cursor: first.cursor, isLast: "true" });
  expect([first.rows, second.rows, second.refusal]).toEqual([1, 1, undefined]);
});

itWithBulk("a result of JSON lines is not taken for a table", async ({ post }) => {
  const response = await post('{"title":"x"}\n', { name: "questions.jsonl" });
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
});
