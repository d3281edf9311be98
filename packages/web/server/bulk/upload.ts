import { messageOf } from "@tagsmith/model-bundle/errors";
import type { Request, Response } from "express";
import { open, rm, type FileHandle } from "node:fs/promises";
import multer from "multer";
import { bulkLimits } from "../../app/bulk.ts";
import { FileFault } from "@tagsmith/question-files/row";

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

/** The part of a form that holds the file. */
const field = "file";

/**
 * Takes a form's file as it comes onto the disk, where its name is taken from it at once: it is gone when the handle is
 * closed, whatever happens. A browser reads no answer before it has sent its whole form, so the file has to lie somewhere.
 * Throws where the folder can't be made.
 */
export function fileReceiver(folder: string): (exchange: Exchange) => Promise<FileHandle> {
  const limits = { fileSize: bulkLimits.fileBytes, files: 1, fields: 0 };
  const receive = folderReceiver({ dest: folder, limits });
  return async (exchange) => {
    await receive(exchange);
    const { file } = exchange.request;
    if (!file) throw new FileFault("Choose a file first.");
    const handle = await open(file.path);
    await rm(file.path);
    return handle;
  };
}

function folderReceiver(options: Parameters<typeof receiver>[0]): ReturnType<typeof receiver> {
  try {
    return receiver(options);
  } catch (cause) {
    throw new Error(`UPLOAD_FOLDER: ${messageOf(cause)}`, { cause });
  }
}

interface Slice {
  readonly bytes: Buffer;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes a part of a file into memory. */
export function sliceReceiver(): (exchange: Exchange) => Promise<Slice> {
  const limits = { fileSize: bulkLimits.sliceBytes, files: 1, fields: 2, fieldSize: bulkLimits.rowBytes };
  const receive = receiver({ storage: multer.memoryStorage(), limits });
  return async (exchange) => {
    await receive(exchange);
    const { file } = exchange.request;
    if (!file) throw new FileFault("The form has no file.");
    return { bytes: file.buffer, fields: exchange.request.body as Slice["fields"] };
  };
}

function receiver(options: multer.Options & { limits: { fileSize: number } }): (exchange: Exchange) => Promise<void> {
  // Browsers and curl write a file's name in UTF-8.
  const receive = multer({ ...options, defParamCharset: "utf8" }).single(field);
  const toFault = (error: unknown) => {
    if (!(error instanceof Error)) return new Error(String(error));
    // What has a code is of this machine, such as a full disk; what has none says what is wrong with the form.
    if (!("code" in error)) return new FileFault(`The form can’t be read: ${error.message}.`, { cause: error });
    if (!(error instanceof multer.MulterError)) return error;
    const isTooLarge = error.code === "LIMIT_FILE_SIZE";
    const reason = isTooLarge ? `larger than ${options.limits.fileSize / 2 ** 20} MiB, the limit here` : error.message;
    return new FileFault(`The file is not taken: ${reason}.`, { cause: error });
  };
  return ({ request, response }) =>
    new Promise((resolve, reject) => {
      receive(request, response, (error: unknown) => {
        if (error) reject(toFault(error));
        else resolve();
      });
    });
}
