import { expect } from "vitest";
import { itWithBulk } from "../../test/with-bulk.ts";

itWithBulk("a part names its rows without tags", async ({ postSlice }) => {
  const { rows, faults } = await postSlice(Buffer.from("title\nfine\nx,y\n"), { isLast: "true" });
  expect(rows).toBe(2);
  expect(faults).toEqual([{ row: 2, reason: "This row has 2 fields where the header names 1." }]);
});

itWithBulk("a part in which no row ends leaves the next one to begin where it began", async ({ postSlice }) => {
  const { cursor } = await postSlice(Buffer.from("title\nfine\n"), { isLast: "false" });
  const tooSmall = await postSlice(Buffer.from('"of two\n'), { cursor, isLast: "false" });
  expect(tooSmall).toMatchObject({ text: "", rows: 0, consumedBytes: 0 });
  const { text } = await postSlice(Buffer.from('"of two\nlines"\n'), { cursor: tooSmall.cursor, isLast: "true" });
  expect(text).toBe('"of two\nlines",of,0.9123,,fake@1\r\n');
});

itWithBulk("a part after which nothing can be read says so", async ({ postSlice }) => {
  const broken = await postSlice(Buffer.from('title\nfine\n"never closed\n'), { isLast: "true" });
  expect(broken).toMatchObject({ rows: 2, isBroken: true });
});

itWithBulk("a file of a header alone comes back as one", async ({ postSlice }) => {
  const { text, rows } = await postSlice(Buffer.from("title\n"), { isLast: "true" });
  expect([text, rows]).toEqual(["title,suggested_tags,confidences,error,model\r\n", 0]);
});
