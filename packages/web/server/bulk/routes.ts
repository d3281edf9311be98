import { once } from "node:events";
import { parse as parsePath } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Router, type RequestHandler } from "express";
import { bulkLimits, type Refusal } from "../../app/bulk.ts";
import { failureStatus } from "../../app/failure.ts";
import type { Inference } from "../inference.ts";
import { traceOf } from "../observe.ts";
import { askOf, patient } from "./ask.ts";
import { parseCursor } from "@tagsmith/question-files/cursor";
import { openFile } from "@tagsmith/question-files/open";
import { FileFault } from "@tagsmith/question-files/row";
import { tagSlice } from "./slice.ts";
import { tagRows, type TaggedRow } from "./tag-rows.ts";
import { fileReceiver, sliceReceiver, type Exchange } from "./upload.ts";

interface Options {
  readonly inference: Inference;
  /** Where files lie while they are tagged. */
  readonly uploadFolder: string;
  /** How long the service may be away in the middle of a file. */
  readonly patienceMs?: number;
}

/** Less than the balancer's idle timeout: rows that wait for the service send nothing meanwhile. */
const longestWaitMs = 45_000;

/**
 * Files of questions to files with tags. A whole file, from a form or from curl, is answered with the result as it is
 * made. The page's script sends a file slice by slice instead: it shows how far it got, and goes on there after a break.
 */
export function bulkRoutes({ inference, uploadFolder, patienceMs = longestWaitMs }: Options): Router {
  const receiveFile = fileReceiver(uploadFolder);
  const receiveSlice = sliceReceiver();
  const askUntilLeft = (response: Exchange["response"], signal: AbortSignal) =>
    askOf(inference.within(traceOf(response)), signal);

  const answerFile = async ({ request, response }: Exchange) => {
    const handle = await receiveFile({ request, response });
    try {
      const signal = departureOf(response);
      const bytes = handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>;
      const { format, header, rows } = await openFile({ bytes, isWhole: true });
      const { name, ext } = parsePath(request.file?.originalname ?? "");
      response.attachment(`${name}-tagged${ext || `.${format.kind}`}`);
      response.type(format.kind === "csv" ? "text/csv" : "application/x-ndjson");
      const tagged = tagRows(rows, patient(askUntilLeft(response, signal), { patienceMs, signal }));
      await pipeline(Readable.from(linesOf(header, tagged), { objectMode: false }), response, { signal });
    } finally {
      await handle.close();
    }
  };

  const answerSlice = async ({ request, response }: Exchange) => {
    const { bytes, fields } = await receiveSlice({ request, response });
    const cursor = typeof fields["cursor"] === "string" ? parseCursor(fields["cursor"]) : undefined;
    if (fields["cursor"] !== undefined && !cursor) throw new FileFault("The cursor is none that this server gave.");
    const isWhole = fields["isLast"] === "true";
    const result = await tagSlice(
      { bytes: piecesOf(bytes), cursor, isWhole },
      askUntilLeft(response, departureOf(response)),
    );
    response.status(result.failure && result.rows === 0 ? failureStatus[result.failure.kind] : 200).json(result);
  };

  const router = Router();
  router.post("/bulk", handler(atMost(bulkLimits.filesAtOnce, answerFile)));
  router.post("/bulk/slice", handler(answerSlice));
  return router;
}

type Answer = (exchange: Exchange) => Promise<void>;

/** Refuses who comes while so many are answered. */
function atMost(limit: number, answer: Answer): Answer {
  let underway = 0;
  return async (exchange) => {
    if (underway === limit) {
      const refusal = "Too many files are being tagged. Try again in a minute.\n";
      exchange.response.status(503).set("Retry-After", "60").type("text").send(refusal);
      return;
    }
    underway += 1;
    try {
      await answer(exchange);
    } finally {
      underway -= 1;
    }
  };
}

/** Answers what can't be read: a browser's form gets the page again, which says why. */
function handler(answer: Answer): RequestHandler {
  return (request, response, next) => {
    answer({ request, response }).catch((error: unknown) => {
      if (response.destroyed) return; // nobody is left to be answered
      if (!(error instanceof FileFault)) {
        next(error);
        return;
      }
      response.status(422);
      if (request.accepts(["json", "html"]) === "html") {
        response.locals["bulkRefusal"] = error.message;
        next();
      } else response.json({ refusal: error.message } satisfies Refusal);
    });
  };
}

/** What the page says in answer to a form whose file was not taken. */
export const bulkRefusal = ({ locals }: Pick<Exchange["response"], "locals">) =>
  locals["bulkRefusal"] as string | undefined;

async function* linesOf(header: string, rows: AsyncIterable<TaggedRow>): AsyncGenerator<string, void, undefined> {
  yield header;
  for await (const { text } of rows) yield text;
}

/** Fires when the client has gone before its answer was complete. */
function departureOf(response: Exchange["response"]): AbortSignal {
  const controller = new AbortController();
  void once(response, "close").then(() => controller.abort());
  return controller.signal;
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(bytes);
}
