/** One value a period; undefined where nothing was measured. */
export type Series = readonly (number | undefined)[];

type Value = number | Series;

type Operator = (a: number, b: number) => number;

/** Those that bind the least come first. */
const operators: readonly Readonly<Record<string, Operator>>[] = [
  { ">=": (a, b) => Number(a >= b), ">": (a, b) => Number(a > b) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b },
];

/**
 * What CloudWatch's metric math makes of series of one length: operators, `IF` and `FILL`. Where one of an operator's
 * operands has no value, neither has the result.
 * @throws {Error} for what it doesn't know.
 */
export function evaluate(expression: string, metrics: Readonly<Record<string, Series>>): Series {
  return new Evaluation(expression, metrics).result();
}

/** A recursive-descent parser that computes as it reads. */
class Evaluation {
  readonly #tokens: string[];
  readonly #length: number;
  readonly #expression: string;
  readonly #metrics: Readonly<Record<string, Series>>;

  constructor(expression: string, metrics: Readonly<Record<string, Series>>) {
    this.#expression = expression;
    this.#metrics = metrics;
    this.#tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|[-+*/>(),]/g) ?? [];
    this.#length = Math.max(...Object.values(metrics).map((series) => series.length));
  }

  result(): Series {
    const value = this.#binary(0);
    if (this.#tokens.length > 0) throw this.#error(`${this.#tokens.join(" ")} is left over`);
    return this.#each((period) => at(value, period));
  }

  #binary(level: number): Value {
    const known = operators[level];
    if (!known) return this.#operand();
    let left = this.#binary(level + 1);
    for (let apply = known[this.#tokens[0] ?? ""]; apply; apply = known[this.#tokens[0] ?? ""]) {
      this.#tokens.shift();
      left = this.#combine(left, this.#binary(level + 1), apply);
    }
    return left;
  }

  #operand(): Value {
    const token = this.#tokens.shift() ?? "";
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") return this.#last();
    if (this.#tokens[0] === "(") return this.#call(token);
    const series = this.#metrics[token];
    if (!series) throw this.#error(`there is no metric ${token}`);
    return series;
  }

  #call(name: string): Value {
    this.#expect("(");
    const first = this.#binary(0);
    this.#expect(",");
    if (name === "FILL") {
      const filling = this.#last();
      return this.#each((period) => at(first, period) ?? at(filling, period));
    }
    if (name !== "IF") throw this.#error(`there is no function ${name} here`);
    const yes = this.#binary(0);
    this.#expect(",");
    const no = this.#last();
    return this.#each((period) => {
      const condition = at(first, period);
      return condition === undefined ? undefined : at(condition ? yes : no, period);
    });
  }

  /** What stands before a closing parenthesis. */
  #last(): Value {
    const value = this.#binary(0);
    this.#expect(")");
    return value;
  }

  #combine(left: Value, right: Value, apply: Operator): Value {
    if (typeof left === "number" && typeof right === "number") return apply(left, right);
    return this.#each((period) => {
      const [a, b] = [at(left, period), at(right, period)];
      return a === undefined || b === undefined ? undefined : apply(a, b);
    });
  }

  #each(compute: (period: number) => number | undefined): Series {
    return Array.from({ length: this.#length }, (_, period) => compute(period));
  }

  #expect(token: string): void {
    const next = this.#tokens.shift();
    if (next !== token) throw this.#error(`${String(next)} instead of ${token}`);
  }

  #error(problem: string): Error {
    return new Error(`${this.#expression}: ${problem}`);
  }
}

const at = (value: Value, period: number) => (typeof value === "number" ? value : value[period]);
