import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errorAnswer, type Answer } from "./answer.ts";
import { disturbBody, disturbRequest, type Fault, type FaultPlan } from "./faults.ts";
import { Folder } from "./folder.ts";
import { lockFolder } from "./lock.ts";
import { parseRequest } from "./request.ts";
import { findRoute } from "./routes.ts";

interface S3ServerOptions {
  /** The folder that keeps everything; made where it doesn't exist. */
  readonly root: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly host?: string;
  /** Misbehaviour for tests. */
  readonly faults?: FaultPlan;
}

export interface S3Server {
  readonly url: string;
  readonly port: number;
  /** Cuts what is under way, and gives the folder free. */
  close(): Promise<void>;
}

/**
 * Serves a folder as S3: buckets, objects with ranges and conditions, listings, multipart uploads, checksums.
 * A write is there whole or not at all, also after a crash, and of concurrent conditional writes one wins. Bodies are
 * streamed; memory grows with the number of objects only. An upload in parts that gets none for a week is removed at a start.
 *
 * It trusts its callers: signatures are not verified, so it listens on 127.0.0.1 unless told otherwise. It has no
 * versions, access rules, encryption or tags: these are answered 501 NotImplemented, never ignored. One process serves a
 * folder at a time; the promise is rejected where another does, or the port is in use.
 */
export async function startS3Server({ root, port, host = "127.0.0.1", faults }: S3ServerOptions): Promise<S3Server> {
  await makeFolder(root);
  const unlock = lockFolder(root);
  try {
    const folder = await Folder.open(root);
    const underWay = new Map<ServerResponse, Promise<void>>();
    const server = createServer((incoming, response) => {
      const work = serve({ incoming, response, folder, faults }).finally(() => underWay.delete(response));
      underWay.set(response, work);
    });
    server.on("connection", (socket) => {
      const closeBehind = () => {
        for (const response of underWay.keys()) if (response.req.socket === socket) closeForgotten(response);
      };
      socket.once("close", () => setImmediate(closeBehind));
    });
    // Node's limit is five minutes for a whole request, which a large upload over a slow line exceeds.
    server.requestTimeout = 0;
    const address = await listen(server, port, host);
    const stop = async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await Promise.all(underWay.values());
      unlock();
    };
    let stopped: Promise<void> | undefined;
    // Once only: the folder may have another server by the second time.
    const close = (): Promise<void> => (stopped ??= stop());
    return { url: `http://${host}:${address.port}`, port: address.port, close };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Of a connection that closes, Node 20 closes the answer whose turn it is, and forgets those behind it. Node 24 closes all. */
function closeForgotten(response: ServerResponse): void {
  if (response.destroyed) return;
  response.destroy();
  response.emit("close");
}

/** Node's own recursion never ends where there can't be any folder, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path);
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly folder: Folder;
  readonly faults: FaultPlan | undefined;
}

async function serve({ incoming, response, folder, faults }: Exchange): Promise<void> {
  let answer: Answer;
  let planned: readonly Fault[] = [];
  try {
    const request = parseRequest(incoming);
    const { operation, handle } = findRoute(request);
    planned = faults?.take(operation, request) ?? [];
    await disturbRequest(planned);
    answer = await handle(request, folder);
  } catch (error) {
    answer = errorAnswer(error, incoming.url ?? "");
    // The client must be done sending before it will read the answer.
    incoming.resume();
  }
  await send(response, answer, planned).catch(() => response.destroy());
}

/** Rejects when the client goes away, or the disk fails, in the midst of the body. */
async function send(
  response: ServerResponse,
  { status, headers, body = "" }: Answer,
  faults: readonly Fault[],
): Promise<void> {
  response.writeHead(status, { ...headers, server: "tagsmith-s3", "x-amz-request-id": randomUUID() });
  if (faults.length > 0) {
    const bytes = typeof body === "string" ? Readable.from([Buffer.from(body)]) : body;
    await pipeline(disturbBody(bytes, faults, response), response);
  } else if (typeof body === "string") response.end(body);
  else await pipeline(body, response);
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address;
}
