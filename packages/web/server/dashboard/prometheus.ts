/** One line of what `/metrics` shows. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples by their name, as `tagsmith_requests_total`. */
export type Scrape = ReadonlyMap<string, readonly Sample[]>;

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
// eslint-disable-next-line regexp/no-super-linear-move -- it reads the metrics of our own service
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/g;
const escapes: Readonly<Record<string, string>> = { "\\n": "\n", '\\"': '"', "\\\\": "\\" };
const infinities: Readonly<Record<string, number>> = { "+Inf": Infinity, "-Inf": -Infinity };

/** Reads Prometheus's text format, 0.0.4. Lines that it doesn't know are left out, as the format wants it. */
export function parseMetrics(text: string): Scrape {
  const samples = new Map<string, Sample[]>();
  for (const [, name = "", labels = "", value = ""] of text.split("\n").map((row) => line.exec(row) ?? [])) {
    if (!name) continue;
    const sample = { labels: parseLabels(labels), value: infinities[value] ?? Number(value) };
    const known = samples.get(name);
    if (known) known.push(sample);
    else samples.set(name, [sample]);
  }
  return samples;
}

function parseLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(label)].map(([, name = "", value = ""]) => [
      name,
      value.replace(/\\[n"\\]/g, (escape) => escapes[escape] ?? escape),
    ]),
  );
}
