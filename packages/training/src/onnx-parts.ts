import onnxProto from "onnx-proto";

const { onnx } = onnxProto;

// eslint-disable-next-line max-params -- operator, inputs, output, attribute: the order of ONNX's own notation
export function node(
  opType: string,
  input: string[],
  output: string,
  ...attribute: onnxProto.onnx.IAttributeProto[]
): onnxProto.onnx.NodeProto {
  return new onnx.NodeProto({ opType, name: output, input, output: [output], attribute });
}

export function tensor(
  name: string,
  dataType: number,
  { dims, data }: { dims: number[]; data: ArrayBufferView },
): InstanceType<typeof onnx.TensorProto> {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new onnx.TensorProto({ name, dataType, dims, rawData });
}

export function value(
  name: string,
  elemType: number,
  dims: readonly (string | number)[],
): onnxProto.onnx.ValueInfoProto {
  const dim = dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return new onnx.ValueInfoProto({ name, type: { tensorType: { elemType, shape: { dim } } } });
}
