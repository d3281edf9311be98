import { type Manifest } from "@tagsmith/model-bundle/manifest";
import { labelChart, reliabilityChart } from "./charts.ts";
import { type Judgement } from "./judge.ts";
import { modes } from "./measure.ts";
import { calibrationTable, escape, otherTable, scoreTable, surenessTable } from "./report-tables.ts";

/** A page that a person can read without a network: the model's card, its scores in tables, and two charts. */
export async function renderReport(manifest: Manifest, judgement: Judgement): Promise<string> {
  const { metrics, labelScores, reliability, rows, sources } = judgement;
  const curves = { titles: reliability.titles, "titles with bodies": reliability.bodies };
  const [labels, curve] = await Promise.all([labelChart(labelScores), reliabilityChart(curves)]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(manifest.name)} ${escape(manifest.version)}: report</title>
<style>${style}</style>
${card(manifest, sources)}
${howItWasMade(manifest)}
<h2>Scores on the test split</h2>
<p>With the thresholds that are shipped. F1 is counted on the labels that every source observes, over the questions that have one of
them, but in the row that names others, where a tag that is no label counts as missed; coverage is the share of all questions that get at least one tag. “Predecessor” is the predecessor's method run again on our
data: 1,134 TF-IDF features of words longer than two letters, one logistic regression per tag (C = 100, l1), with thresholds tuned
in the same way. Beside each F1 stands half the width of its bootstrap interval (95 of 100 samples of as many questions).</p>
${scoreTable(rows, metrics)}
<p>Thresholds come from the validation split alone, and from titles: each tag's own cut, drawn towards the cut that suits all as if
that rested on ${modes.shipped} positives.${discounted(manifest)} Other choices favour one F1 over the other; these are tuned on titles and on titles with
bodies apart.</p>
${otherTable(metrics)}
<h2>Are its confidences right?</h2>
<p>Of the tags that it gives about 80 % confidence, about 80 % should be right: the closer to the dashed line, the better. The
calibration error is the mean distance, over the confidences above 10 %: nearly all others are close to zero and right, and would
flatter it. On the validation split, each half's confidences are those that the other half taught. One calibration serves titles
and bodies, and few questions with bodies are there to fit it and to judge it. What is right on average is too modest for some
years and too sure for others, as the table above shows.</p>
<figure>${curve}</figure>
${calibrationTable(metrics)}
<h2>Is it right to be unsure?</h2>
<p>Questions of the test split, by how sure the model is: the share of all, and how often its most confident tag is one of the asker's.
“Answered” got a tag with the shipped thresholds, of the others it said that it is not sure. Questions without any of the labels count too:
there no answer is right.</p>
${surenessTable(metrics)}
<h2>F1 by tag</h2>
<p>With the shipped thresholds, titles only. Pale bars rest on few questions. A tag that a question's source could not observe is
counted neither for nor against the model.</p>
<figure>${labels}</figure>
</html>
`;
}

function card(manifest: Manifest, sources: readonly string[]): string {
  return `<h1>${escape(manifest.name)} <small>${escape(manifest.version)}</small></h1>
<dl>
<dt>What it is</dt><dd>${escape(manifest.description)}</dd>
<dt>Trained on</dt><dd>${escape(manifest.training_data)}</dd>
<dt>Sources</dt><dd>${escape(sources.join(", "))}</dd>
<dt>Licence</dt><dd>${escape(manifest.licence)}</dd>
<dt>Newest question</dt><dd>${escape(manifest.created_at.slice(0, 10))}</dd>
<dt>${manifest.labels.length} labels</dt><dd>${escape(manifest.labels.join(", "))}</dd>
</dl>`;
}

function howItWasMade({ input }: Manifest): string {
  return `<h2>How it was made</h2>
<p>Labels are the tags that every source observes, and newer ones with enough training questions in unbiased sources that keep
all tags. Some sources cut tags to a list: what they cannot observe is masked, in training as in judging. Sources that are biased to a
topic are trained on, but choose no labels and are neither in the validation nor in the test split. Calibration and thresholds come
from the validation split, by a model that had not seen it; the shipped model is trained on both${input.kind === "tokens" ? ", but for its transformer, which never sees it" : ""}.</p>
<p>It knows the past: most of its questions are years old, recent ones it tags less well (compare the years below), and it has
never heard of what came later. Tags of versions and abstract ones (python-3.x, class, oop) are given by habit more than by
meaning; of c# and .net, or html and javascript, askers choose either or both.</p>`;
}

function discounted({ unlabelled_discount: discount }: Manifest): string {
  if (!discount) return "";
  return ` A question's thresholds are multiplied by 1 - ${discount} × the probability that none of the labels fits, the
product of what each lacks of 1: where the model is sure of nothing, less is enough.`;
}

const style = `
:root { color-scheme: light dark; --ink: #1a202c; --paper: #fff; --quiet: #5a6678; --line: #d5dce6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --paper: #14181f; --quiet: #9aa7b8; --line: #323b48; } }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 54rem; margin: 2.5rem auto; padding: 0 1.25rem; color: var(--ink); background: var(--paper); }
h1 { line-height: 1.2; } h2 { margin: 2.5rem 0 0.5rem; }
small { color: var(--quiet); font-weight: 400; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.5rem 1.5rem; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.table { overflow-x: auto; margin: 1.25rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: 0.45rem 0 0.45rem 1.25rem; text-align: right; vertical-align: top; font-weight: 400; }
thead th { color: var(--quiet); font-size: 0.875rem; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th small { display: block; font-size: 0.8125rem; overflow-wrap: anywhere; } td small { white-space: nowrap; }
figure { margin: 1.25rem 0; } svg { max-width: 100%; height: auto; }
`;
