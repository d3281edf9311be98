import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import onnxProto, { type onnx as Onnx } from "onnx-proto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeModel, FLOAT, INT32, node, tensor } from "../test/onnx-model.ts";
import { placeModel } from "./place-model.ts";
import { Session } from "./session.ts";

const { ModelProto, TensorProto } = onnxProto.onnx;
const { AttributeType } = onnxProto.onnx.AttributeProto;
const EXTERNAL = TensorProto.DataLocation.EXTERNAL;
const ROWS = 5_000;
const COLUMNS = 8;
const cells = Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => at / 7);
const bias = Float32Array.from({ length: COLUMNS }, (_, at) => at);
const bytesOf = ({ buffer }: Float32Array) => new Uint8Array(buffer);

let source: string;
let target: string;
beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), "place-"));
  [source, target] = [join(parent, "source"), join(parent, "target")];
  await mkdir(source);
  await mkdir(target);
});
afterEach(() => rm(join(source, ".."), { recursive: true }));

/** Rows of a table and a bias; the weights as the test has it. */
function model(...weights: readonly Partial<Onnx.ITensorProto>[]): Uint8Array {
  const [table, offset, ...others] = weights;
  return encodeModel({
    name: "rows",
    input: [tensor("ids", INT32, ["N"])],
    output: [tensor("rows", FLOAT, ["N", COLUMNS])],
    initializer: [
      { name: "table", dataType: FLOAT, dims: [ROWS, COLUMNS], ...table },
      { name: "bias", dataType: FLOAT, dims: [COLUMNS], ...offset },
      ...others,
    ],
    node: [node("Gather", ["table", "ids"], "plain"), node("Add", ["plain", "bias"], "rows")],
  });
}

const inside = [{ rawData: bytesOf(cells) }, { rawData: bytesOf(bias) }] as const;

function outside(location: string, place: { offset?: number; length?: number } = {}): Partial<Onnx.ITensorProto> {
  const entries = Object.entries({ location, ...place }).map(([key, value]) => ({ key, value: String(value) }));
  return { dataLocation: EXTERNAL, externalData: entries };
}

async function place(bytes: Uint8Array): Promise<readonly string[]> {
  await writeFile(join(source, "any.onnx"), bytes);
  return (await placeModel(join(source, "any.onnx"), target)).files;
}

async function expectRows(): Promise<void> {
  const session = await Session.open(join(target, "model.onnx"));
  const { data } = await session.run({ ids: { data: Int32Array.of(1, ROWS - 1), dims: [2] } }, "rows");
  await session.close();
  for (const [at, row] of [1, ROWS - 1].entries()) {
    const expected = cells.slice(row * COLUMNS, (row + 1) * COLUMNS).map((cell, column) => cell + (bias[column] ?? 0));
    expect(data.slice(at * COLUMNS, (at + 1) * COLUMNS)).toEqual(expected);
  }
}

describe("a model in a bundle's folder", () => {
  it("has its large weights in a file beside it, and answers the same", async () => {
    expect(await place(model(...inside))).toEqual(["model.onnx", "model.onnx.data"]);
    expect((await stat(join(target, "model.onnx"))).size).toBeLessThan(1_000);
    expect(Buffer.compare(await readFile(join(target, "model.onnx.data")), bytesOf(cells))).toBe(0);
    await expectRows();
  });

  it("has each of them begin on a page of memory, which can be mapped", async () => {
    await place(model(...inside, { name: "other", dataType: FLOAT, dims: [20_001], rawData: new Uint8Array(80_004) }));
    const { graph } = ModelProto.decode(await readFile(join(target, "model.onnx")));
    const entries = graph?.initializer?.flatMap(({ externalData }) => externalData ?? []) ?? [];
    const offsets = entries.filter(({ key }) => key === "offset").map(({ value }) => Number(value));
    expect(offsets).toEqual([0, 163_840]); // the next page after 160,000 bytes
  });

  it("may have come with its weights in several files", async () => {
    await writeFile(join(source, "table.bin"), Buffer.concat([Buffer.alloc(100), bytesOf(cells), Buffer.alloc(3)]));
    await writeFile(join(source, "bias.bin"), bytesOf(bias));
    const table = outside("table.bin", { offset: 100, length: cells.byteLength });
    expect(await place(model(table, outside("bias.bin")))).toEqual(["model.onnx", "model.onnx.data"]);
    await rm(source, { recursive: true });
    await expectRows();
  });

  it("may have come with an empty tensor among the weights of another file", async () => {
    await writeFile(join(source, "all.bin"), bytesOf(cells));
    const table = outside("all.bin", { offset: 0, length: cells.byteLength });
    const nothing = outside("all.bin", { offset: cells.byteLength, length: 0 });
    const none = { name: "none", dataType: FLOAT, dims: [0, COLUMNS], ...nothing };
    const both = { ...node("Concat", ["biased", "none"], "rows"), attribute: [{ name: "axis", type: 2, i: 0 }] };
    await place(
      encodeModel({
        name: "rows",
        input: [tensor("ids", INT32, ["N"])],
        output: [tensor("rows", FLOAT, ["M", COLUMNS])],
        initializer: [
          { name: "table", dataType: FLOAT, dims: [ROWS, COLUMNS], ...table },
          { name: "bias", dataType: FLOAT, dims: [COLUMNS], rawData: bytesOf(bias) },
          none,
        ],
        node: [node("Gather", ["table", "ids"], "plain"), node("Add", ["plain", "bias"], "biased"), both],
      }),
    );
    await expectRows();
  });

  it("is one file where nothing in it is large", async () => {
    const small = encodeModel({
      name: "small",
      input: [tensor("x", FLOAT, ["N"])],
      output: [tensor("y", FLOAT, ["N"])],
      node: [node("Sigmoid", ["x"], "y")],
    });
    expect(await place(small)).toEqual(["model.onnx"]);
    expect(Buffer.compare(await readFile(join(target, "model.onnx")), small)).toBe(0);
  });

  it("keeps what this project's reader of ONNX doesn't know", async () => {
    const unknown = Buffer.from([0xca, 0x3e, 4, 1, 2, 3, 4]); // field 1001
    await place(Buffer.concat([model(...inside), unknown]));
    expect((await readFile(join(target, "model.onnx"))).subarray(-unknown.length)).toEqual(unknown);
  });

  it("has a locale that every image has, given once, where it normalises strings", async () => {
    const pipeline = fileURLToPath(new URL("../../../examples/sklearn-text/model.onnx", import.meta.url));
    const { inputs } = await placeModel(pipeline, target);
    expect(inputs).toEqual([{ name: "text", type: "string", shape: [-1, 1] }]);
    const mended = await readFile(join(target, "model.onnx"));
    const normalisers = ModelProto.decode(mended).graph?.node?.filter(({ opType }) => opType === "StringNormalizer");
    const locale = expect.objectContaining({ name: "locale", s: Buffer.from("C") }) as unknown;
    expect(normalisers).toEqual([
      expect.objectContaining({ attribute: expect.arrayContaining([locale]) as unknown }) as unknown,
    ]);
    await place(mended);
    expect(Buffer.compare(await readFile(join(target, "model.onnx")), mended)).toBe(0);
  });

  it.each([
    ["outside of its folder", "../secret", "its weights are in ../secret, outside of the model's folder"],
    [
      "in a folder that begins as its own",
      "../source2/w",
      "its weights are in ../source2/w, outside of the model's folder",
    ],
    ["in a folder", "folder", "the model's weights can't be read: "],
    ["in a file that isn't there", "gone.bin", "the model's weights can't be read: ENOENT"],
    ["in a file that is too short", "short.bin", "short.bin has 7 bytes; the model's weights go from 0 to 160000"],
  ])("is refused with weights %s", async (_, location, message) => {
    await writeFile(join(source, "short.bin"), "too few");
    await mkdir(join(source, "folder"));
    await writeFile(join(source, "..", "secret"), bytesOf(cells));
    const bytes = model(outside(location, { length: cells.byteLength }), inside[1]);
    await expect(place(bytes)).rejects.toThrow(message);
  });

  it.each([
    ["no whole byte on", { offset: 0.5, length: 8 }, "from 0.5 to 8.5"],
    ["before their file's first byte on", { offset: -8, length: 8 }, "from -8 to 0"],
    ["behind their last byte on", { offset: 8, length: -8 }, "from 8 to 0"],
  ])("is refused with weights from %s", async (_, span, message) => {
    await writeFile(join(source, "all.bin"), bytesOf(cells));
    await expect(place(model(outside("all.bin", span), inside[1]))).rejects.toThrow(
      `the model's weights go ${message}`,
    );
  });

  it.each<[string, (held: Onnx.ITensorProto) => Onnx.IAttributeProto]>([
    ["an attribute", (held) => ({ name: "value", type: AttributeType.TENSOR, t: held })],
    [
      "a branch",
      (held) => ({ name: "then_branch", type: AttributeType.GRAPH, g: { name: "branch", initializer: [held] } }),
    ],
  ])("is refused where weights of another file are in %s", async (_, attributeOf) => {
    await writeFile(join(source, "all.bin"), bytesOf(cells));
    const held = { name: "held", dataType: FLOAT, dims: [COLUMNS], ...outside("all.bin", { length: COLUMNS * 4 }) };
    const holder = { ...node("Constant", [], "held"), attribute: [attributeOf(held)] };
    const output = [tensor("held", FLOAT, [COLUMNS])];
    const placed = place(encodeModel({ name: "holder", output, node: [holder] }));
    await expect(placed).rejects.toThrow(
      'the weights of Constant "held" are in another file: save the model as one file',
    );
  });

  it("is refused cut short at any byte", async () => {
    const whole = model(...inside);
    for (const length of [1, 5, 100, whole.length - 60_000, whole.length - 1]) {
      await expect(place(whole.subarray(0, length))).rejects.toThrow("the file is not an ONNX model");
    }
  });
});
