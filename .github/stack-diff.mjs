import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Prints what changes between two folders of templates (`<stage>/<stack>.json`, see stacks/test/write-templates.ts) as
 * Markdown. Usage: stack-diff.mjs BASE HEAD
 */
const [base, head] = process.argv.slice(2);
const longestComment = 60_000; // GitHub takes 65,536 characters

const sections = names(base, head).flatMap((stage) => {
  const lines = names(join(base, stage), join(head, stage)).flatMap((file) => {
    const changes = diff(resources(join(base, stage, file)), resources(join(head, stage, file)));
    return changes.length > 0 ? [`@@ ${file.replace(".json", "")} @@`, ...changes] : [];
  });
  return [
    `### Stage \`${stage}\``,
    lines.length > 0 ? ["```diff", ...lines, "```"].join("\n") : "No resource changes.",
  ];
});
const text = ["## Synthesised stacks", ...sections, "What the images and functions hold is not compared."].join("\n\n");
console.log(
  text.length > longestComment ? "## Synthesised stacks\n\nThe diff is too long: see the job's summary." : text,
);

function names(...folders) {
  return [...new Set(folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : [])))].sort();
}

/** The resources of a template, by id; what is named by a content's hash counts as the same. */
function resources(file) {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, "utf8").replaceAll(/\b[0-9a-f]{64}\b/g, "<asset>")).Resources ?? {};
}

function diff(before, after) {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return ids.flatMap((id) => {
    if (!(id in before)) return [`+ ${after[id].Type} ${id}`];
    if (!(id in after)) return [`- ${before[id].Type} ${id}`];
    const paths = changedPaths(before[id], after[id]);
    return paths.length > 0 ? [`! ${after[id].Type} ${id}`, ...paths.map((path) => `!   ${path}`)] : [];
  });
}

/** `Properties.Cpu: "256" -> "512"` for each leaf that differs. */
function changedPaths(before, after, path = []) {
  const isTree = (value) => typeof value === "object" && value !== null;
  if (isTree(before) && isTree(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changedPaths(before[key], after[key], [...path, key]));
  }
  if (before === after) return [];
  const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 200));
  return [`${path.join(".")}: ${show(before)} -> ${show(after)}`];
}
