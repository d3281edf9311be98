import { BulkFailure } from "./failure.ts";

/** A place in S3: an object, or a folder with all below it. */
export interface Place {
  readonly bucket: string;
  /** Without a slash at its end; empty for the whole bucket. */
  readonly path: string;
}

/** @throws {BulkFailure} for what isn't `s3://bucket/path` */
export function parsePlace(address: string): Place {
  const [, bucket, path = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(address) ?? [];
  if (bucket === undefined) throw new BulkFailure(`"${address}" is no place in S3, such as s3://bucket/folder.`);
  return { bucket, path: path.replace(/\/+$/, "") };
}

/** The key of what lies in a folder. */
export const keyIn = ({ path }: Place, name: string): string => (path === "" ? name : `${path}/${name}`);

export const addressOf = ({ bucket, path }: Place): string => `s3://${bucket}/${path}`;

/** The key's name within the place: below the folder, or the object's own. Undefined where it is elsewhere. */
export function nameIn({ path }: Place, key: string): string | undefined {
  if (key === path) return key.slice(key.lastIndexOf("/") + 1);
  if (path === "") return key;
  return key.startsWith(`${path}/`) ? key.slice(path.length + 1) : undefined;
}

export function overlap(one: Place, other: Place): boolean {
  return one.bucket === other.bucket && (nameIn(one, other.path) ?? nameIn(other, one.path)) !== undefined;
}
