import { setMaxListeners } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startS3Server } from "@tagsmith/s3-server/server";
import { interrupted } from "../aws/command.ts";
import { Report } from "../aws/report.ts";
import { print } from "../aws/print.ts";
import { root } from "../process.ts";
import { answeringRows } from "./answering.ts";
import { fileRows } from "./files.ts";
import { hostile } from "./hostile.ts";
import { lastingRows } from "./lasting.ts";
import { leavingRows } from "./leaving.ts";
import { loadingRows } from "./loading.ts";
import { makeModels } from "./models.ts";
import { type Figures, type Row, table } from "./row.ts";
import type { Lab } from "./site.ts";
import { webRows } from "./web.ts";

const document = join(root, "docs/reliability.md");
const rows = [...loadingRows, ...answeringRows, hostile, ...leavingRows, ...lastingRows, ...webRows, ...fileRows];

setMaxListeners(0, interrupted);
await new Report("faults").collect(async (report) => {
  const folder = await mkdtemp(join(tmpdir(), "tagsmith-faults-"));
  const s3 = await startS3Server({ root: join(folder, "s3"), port: 0 });
  try {
    const lab = { folder, s3, models: await makeModels(folder), isRealTime: process.argv.includes("--real-time") };
    const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
    const chosen = rows.filter(({ fault }) => wanted.every((word) => fault.includes(word)));
    const done = await runAll(report, lab, chosen);
    print(`\n${table(done)}\n`);
    if (done.length === rows.length) await writeDocument(table(done), lab.isRealTime);
  } finally {
    await s3.close();
    await rm(folder, { recursive: true });
  }
});

/** In their order, but for those that mostly wait: they begin first. */
async function runAll(report: Report, lab: Lab, chosen: readonly Row[]) {
  const begun = new Map(chosen.filter(({ mostlyWaits }) => mostlyWaits).map((row) => [row, row.run(lab)]));
  for (const figures of begun.values()) figures.catch(() => undefined); // it is told when its turn comes
  const done: { fault: string; figures: Figures }[] = [];
  try {
    for (const row of chosen) {
      await report.step(row.fault, async () => {
        const figures = await (begun.get(row) ?? row.run(lab));
        done.push({ fault: row.fault, figures });
        const { tried, answered, refused, failed, lost, seen } = figures;
        return `tried ${tried}, answered ${answered}, refused ${refused}, failed ${failed}, lost ${lost}; ${seen}`;
      });
    }
    return done;
  } finally {
    await Promise.allSettled(begun.values());
  }
}

async function writeDocument(figures: string, isRealTime: boolean): Promise<void> {
  const [begin, end] = ["<!-- faults -->", "<!-- /faults -->"];
  const [before = "", , after] = (await readFile(document, "utf8")).split(new RegExp(`${begin}|${end}`));
  if (after === undefined) throw new Error(`${document} lacks ${begin} … ${end}`);
  const waits = isRealTime ? "long faults at their full length" : "long faults shortened, as their rows say";
  const run = `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${waits}:`;
  await writeFile(document, `${before}${begin}\n\n${run}\n\n${figures}\n\n${end}${after}`);
}
