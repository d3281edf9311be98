import { InferenceSession, Tensor } from "onnxruntime-node";
import { BundleError, messageOf } from "./errors.ts";

/** An input or output as the model declares it; an axis without a fixed size is a name or -1. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface TensorData {
  /** Half precision by its bits, truth as 0 and 1. */
  readonly data:
    Int32Array | BigInt64Array | Float32Array | Float64Array | Uint16Array | Uint8Array | readonly string[];
  readonly dims: readonly number[];
}

export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A model loaded into onnxruntime; `run` computes one output and no other. */
export class Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
    this.inputs = session.inputMetadata.map(tensorInfo);
    this.outputs = session.outputMetadata.map(tensorInfo);
  }

  /**
   * Loads a model's file, on one thread: more gain nothing on small ones and make latency uneven. Blocks the calling thread
   * while it loads (about 0.2 s for 100 MB).
   * @throws {BundleError} `invalid_model`
   */
  static async open(path: string): Promise<Session> {
    try {
      const session = await InferenceSession.create(path, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: "sequential",
        enableMemPattern: false, // nearly every run has a shape of its own, for which a plan of its memory is made in vain
      });
      return new Session(session);
    } catch (cause) {
      throw new BundleError("invalid_model", `onnxruntime can't load the model: ${messageOf(cause)}`, { cause });
    }
  }

  /** @throws {BundleError} `invalid_model` when the model refuses its inputs, `invalid_output` when it gives no floats */
  async run(inputs: Readonly<Record<string, TensorData>>, output: string): Promise<FloatTensor> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, data] of Object.entries(inputs)) feeds[name] = toTensor(data);
    let tensor: Tensor | undefined;
    try {
      tensor = (await this.#session.run(feeds, [output]))[output];
    } catch (cause) {
      throw new BundleError("invalid_model", `the model can't be run: ${messageOf(cause)}`, { cause });
    }
    if (tensor?.type === "float32") return { data: tensor.data as Float32Array, dims: tensor.dims };
    if (tensor?.type === "float64") return { data: Float32Array.from(tensor.data as Float64Array), dims: tensor.dims };
    if (tensor?.type === "float16") return { data: await fromHalves(tensor.data as Uint16Array), dims: tensor.dims };
    throw new BundleError("invalid_output", `output "${output}": expected float32, found ${String(tensor?.type)}`);
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

function tensorInfo(value: InferenceSession.ValueMetadata): TensorInfo {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: "not a tensor", shape: [] };
}

/** Where JavaScript has arrays of such numbers, onnxruntime gives one. */
async function fromHalves({ buffer, byteOffset, length }: Uint16Array): Promise<Float32Array> {
  const { Float16Array } = await import("@petamoriken/float16");
  return Float32Array.from(new Float16Array(buffer, byteOffset, length));
}

function toTensor({ data, dims }: TensorData): Tensor {
  if (data instanceof Int32Array) return new Tensor("int32", data, dims);
  if (data instanceof BigInt64Array) return new Tensor("int64", data, dims);
  if (data instanceof Float32Array) return new Tensor("float32", data, dims);
  if (data instanceof Float64Array) return new Tensor("float64", data, dims);
  // Where JavaScript has arrays of such numbers, as in Node 24, a `Tensor` has one, which onnxruntime-node can't read.
  if (data instanceof Uint16Array) return { type: "float16", data, dims, location: "cpu" } as unknown as Tensor;
  if (data instanceof Uint8Array) return new Tensor("bool", data, dims);
  // onnxruntime-node reads a string up to its first NUL.
  return new Tensor(
    "string",
    data.map((text) => text.replaceAll("\0", " ")),
    dims,
  );
}
