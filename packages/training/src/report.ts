import { type Manifest, type Metrics } from "@tagsmith/model-bundle/manifest";
import { labelChart, reliabilityChart } from "./charts.ts";
import { type Judgement, modes } from "./judge.ts";

/** A page that a person can read without a network: the model's card, its scores in tables, and two charts. */
export async function renderReport(manifest: Manifest, judgement: Judgement): Promise<string> {
  const { metrics, labelScores, reliability } = judgement;
  const [labels, curve] = await Promise.all([labelChart(labelScores), reliabilityChart(reliability)]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(manifest.name)} ${escape(manifest.version)}: report</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a202c; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid #cbd5e0; padding: 0.3rem 0.8rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
dt { font-weight: 600; } svg { max-width: 100%; height: auto; }
</style>
<h1>${escape(manifest.name)}, version ${escape(manifest.version)}</h1>
<dl>
<dt>What it is</dt><dd>${escape(manifest.description)}</dd>
<dt>Trained on</dt><dd>${escape(manifest.training_data)}</dd>
<dt>Licence</dt><dd>${escape(manifest.licence)}</dd>
<dt>Newest question</dt><dd>${escape(manifest.created_at.slice(0, 10))}</dd>
<dt>Labels (${manifest.labels.length})</dt><dd>${escape(manifest.labels.join(", "))}</dd>
</dl>
<h2>How it was made</h2>
<p>Labels are the tags that every source observes, and newer ones with enough training questions in unbiased sources that keep
all tags. Some sources cut tags to a list: what they cannot observe is masked, in training as in judging. Sources that are biased to a
topic are trained on, but choose no labels and are neither in the validation nor in the test split. Calibration and thresholds come
from the validation split, by a model that had not seen it; the shipped model is trained on both.</p>
<p>It knows the past: most of its questions are years old, recent ones it tags less well (compare the sources below), and it has
never heard of what came later. Tags of versions and abstract ones (python-3.x, class, oop) are given by habit more than by
meaning; of c# and .net, or html and javascript, askers choose either or both.</p>
<h2>Scores on the test split</h2>
<p>Counted on the labels that every source observes, over the questions that have one of them. Thresholds come from the
validation split alone: each tag's own cut, drawn towards the cut that suits all as if that rested on
${modes.weighted} positives (“weighted”), on ${modes.shipped} (“shipped”), or wholly (“micro”). The shipped ones are tuned on titles and serve
both. “Predecessor” is the predecessor's method run again on our data: 1,134 TF-IDF features of words longer than two letters,
one logistic regression per tag (C = 100, l1), with thresholds tuned in the same way.</p>
${scoreTable(rowsOf(metrics))}
<h2>Are its confidences right?</h2>
<p>Of the tags that it gives about 80 % confidence, about 80 % should be right: the closer to the dashed line, the better.</p>
${curve}
<h2>F1 by tag</h2>
<p>With the shipped thresholds, titles only. Pale bars rest on few questions. A tag that a question's source could not observe is
counted neither for nor against the model.</p>
${labels}
</html>
`;
}

interface ScoreRow {
  readonly name: string;
  readonly metrics: Record<string, Metrics | number>;
}

function rowsOf(metrics: Metrics): ScoreRow[] {
  const { titles, bodies, sources, predecessor } = metrics;
  const named = { "Titles only": titles, "Title and body": bodies, "Predecessor, titles only": predecessor };
  const rows = [
    ...Object.entries(named),
    ...Object.entries(isRecord(sources) ? sources : {}).map(([name, value]) => [`Titles of ${name}`, value] as const),
  ];
  return rows.flatMap(([name, value]) => (isRecord(value) ? [{ name, metrics: value }] : []));
}

const columns = ["weighted", "micro", "shipped"] as const;

function scoreTable(rows: readonly ScoreRow[]): string {
  const head = [
    "",
    "questions",
    ...columns.flatMap((mode) => [`${mode}: weighted F1`, "micro F1"]),
    "calibration error",
    "coverage",
  ];
  const cells = rows.map(({ name, metrics }) => {
    const scores = columns.flatMap((mode) => {
      const value = metrics[mode];
      return isRecord(value) ? [value["weighted_f1"], value["micro_f1"]] : [];
    });
    return [
      name,
      count(metrics["questions"]),
      ...[...scores, metrics["calibration_error"], metrics["coverage"]].map(decimal),
    ];
  });
  const row = (tag: "th" | "td", texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escape(text)}</${tag}>`).join("")}</tr>`;
  return `<table>\n<thead>${row("th", head)}</thead>\n<tbody>\n${cells.map((texts) => row("td", texts)).join("\n")}\n</tbody>\n</table>`;
}

function count(value: unknown): string {
  return typeof value === "number" ? value.toFixed(0) : "";
}

function decimal(value: unknown): string {
  return typeof value === "number" ? value.toFixed(3) : "";
}

function isRecord(value: Metrics | number | undefined): value is Record<string, Metrics | number> {
  return typeof value === "object";
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
