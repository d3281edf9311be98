/** A table of int8 values, and for each row the factor that turns them back into floats. */
interface QuantizedTable {
  readonly values: Int8Array;
  readonly scales: Float32Array;
  readonly width: number;
}

/** Rounds each row to 255 steps of its own greatest value. */
export function quantize(table: Float32Array, width: number): QuantizedTable {
  const rows = table.length / width;
  const values = new Int8Array(table.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const cells = table.subarray(row * width, (row + 1) * width);
    const greatest = cells.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[row] = greatest / 127;
    if (greatest > 0)
      cells.forEach((value, column) => (values[row * width + column] = Math.round((value / greatest) * 127)));
  }
  return { values, scales, width };
}
