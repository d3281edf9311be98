import { endUnread } from "@tagsmith/model-bundle/last-act";
import { runCommandLine } from "./command-line.ts";

const { stderr } = process;

endUnread();
process.exitCode = await runCommandLine(process.argv.slice(2), process.env, {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
  redraw: stderr.isTTY ? (text) => stderr.write(`\r\u001b[K${text}`) : undefined,
});
