const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.999;
const EPSILON = 1e-8;

/** Adam over a flat array of parameters; rows without a gradient are not touched, which keeps sparse steps cheap. */
export class Adam {
  readonly values: Float32Array;
  private readonly means: Float32Array;
  private readonly squares: Float32Array;

  constructor(values: Float32Array) {
    this.values = values;
    this.means = new Float32Array(values.length);
    this.squares = new Float32Array(values.length);
  }

  /** Moves the parameters from `offset` against their gradients and sets those to zero. */
  step(gradients: Float32Array, rate: number, offset = 0): void {
    const { values, means, squares } = this;
    for (let index = 0; index < gradients.length; index++) {
      const gradient = gradients[index] ?? 0;
      const at = offset + index;
      const mean = MEAN_DECAY * (means[at] ?? 0) + (1 - MEAN_DECAY) * gradient;
      const square = SQUARE_DECAY * (squares[at] ?? 0) + (1 - SQUARE_DECAY) * gradient * gradient;
      means[at] = mean;
      squares[at] = square;
      values[at] = (values[at] ?? 0) - (rate * mean) / (Math.sqrt(square) + EPSILON);
      gradients[index] = 0;
    }
  }
}

/** The rate of a step (counted from 1) that makes up for averages which began at zero. */
export function correctedRate(rate: number, step: number): number {
  return (rate * Math.sqrt(1 - SQUARE_DECAY ** step)) / (1 - MEAN_DECAY ** step);
}
