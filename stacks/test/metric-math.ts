/** One value a period; undefined where nothing was measured. */
export type Series = readonly (number | undefined)[];

type Value = number | Series;

const operators: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { ">=": (a, b) => Number(a >= b), ">": (a, b) => Number(a > b) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => a / b },
];

/**
 * What CloudWatch's metric math makes of series of one length: operators, `IF` and `FILL`. Where one of an operator's
 * sides has no value, neither has the result.
 * @throws {Error} for what it doesn't know.
 */
export function evaluate(expression: string, metrics: Readonly<Record<string, Series>>): Series {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|[-+*/>(),]/g) ?? [];
  const length = Math.max(...Object.values(metrics).map((series) => series.length));
  const at = (value: Value, period: number) => (typeof value === "number" ? value : value[period]);
  const each = (compute: (period: number) => number | undefined) =>
    Array.from({ length }, (_, period) => compute(period));
  const expect = (token: string) => {
    const next = tokens.shift();
    if (next !== token) throw new Error(`${expression}: ${String(next)} instead of ${token}`);
  };

  const binary = (level: number): Value => {
    const known = operators[level];
    if (!known) return operand();
    let left = binary(level + 1);
    for (let apply = known[tokens[0] ?? ""]; apply; apply = known[tokens[0] ?? ""]) {
      tokens.shift();
      left = combine(left, binary(level + 1), apply);
    }
    return left;
  };
  const combine = (left: Value, right: Value, apply: (a: number, b: number) => number): Value =>
    typeof left === "number" && typeof right === "number"
      ? apply(left, right)
      : each((period) => {
          const [a, b] = [at(left, period), at(right, period)];
          return a === undefined || b === undefined ? undefined : apply(a, b);
        });
  const operand = (): Value => {
    const token = tokens.shift() ?? "";
    if (/^\d/.test(token)) return Number(token);
    if (token === "(") return closed(binary(0));
    if (tokens[0] === "(") return call(token);
    const series = metrics[token];
    if (!series) throw new Error(`${expression}: there is no metric ${token}`);
    return series;
  };
  const closed = (value: Value): Value => (expect(")"), value);
  const next = (): Value => (expect(","), binary(0));
  const call = (name: string): Value => {
    tokens.shift();
    const first = binary(0);
    if (name === "FILL") {
      const filling = closed(next());
      return each((period) => at(first, period) ?? at(filling, period));
    }
    if (name !== "IF") throw new Error(`${expression}: there is no function ${name} here`);
    const yes = next();
    const no = closed(next());
    return each((period) => {
      const condition = at(first, period);
      return condition === undefined ? undefined : at(condition ? yes : no, period);
    });
  };

  const result = binary(0);
  if (tokens.length > 0) throw new Error(`${expression}: ${tokens.join(" ")} is left over`);
  return each((period) => at(result, period));
}
