const MEAN_DECAY = 0.9;
const SQUARE_DECAY = 0.98;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba, 2015) over a flat array of parameters; what no gradient is given for is not touched, so that sparse steps stay cheap. */
export class Adam {
  readonly #values: Float32Array;
  readonly #means: Float32Array;
  readonly #squares: Float32Array;

  constructor(values: Float32Array) {
    this.#values = values;
    this.#means = new Float32Array(values.length);
    this.#squares = new Float32Array(values.length);
  }

  /** Moves the parameters from `offset` on against their gradients, and sets those to zero. */
  step(gradients: Float32Array, rate: number, offset = 0): void {
    const [values, means, squares] = [this.#values, this.#means, this.#squares];
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

/** The rate of a step, counted from 1, that makes up for averages which began at zero. */
export function correctedRate(rate: number, step: number): number {
  return (rate * Math.sqrt(1 - SQUARE_DECAY ** step)) / (1 - MEAN_DECAY ** step);
}
