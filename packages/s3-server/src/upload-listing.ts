import { xmlAnswer, type Answer } from "./answer.ts";
import { owner } from "./buckets.ts";
import type { Folder } from "./folder.ts";
import { askedOf, paginate } from "./listing.ts";
import { integerParameter, type S3Request } from "./request.ts";
import { compareUploads, type ListedUpload } from "./uploads.ts";
import type { XmlChildren } from "./xml.ts";

/** What clients ask for that clean up after uploads that broke off. */
export function listMultipartUploads(request: S3Request, folder: Folder): Answer {
  const { query } = request;
  const { name } = folder.bucket(request.bucket);
  const { prefix, prefixOf, text, asked } = askedOf(query);
  const maxKeys = integerParameter(request, "max-uploads");
  const found = folder.uploads
    .list(name)
    .filter(isAfter(query))
    .filter(({ key }) => key.startsWith(prefix));
  const { entries, prefixes, last } = paginate(found, { maxKeys, prefixOf });
  return xmlAnswer("ListMultipartUploadsResult", {
    Bucket: name,
    KeyMarker: text(query.get("key-marker") ?? ""),
    UploadIdMarker: query.get("upload-id-marker") ?? "",
    NextKeyMarker: last && text(last.key),
    NextUploadIdMarker: last?.id,
    ...asked,
    MaxUploads: maxKeys,
    IsTruncated: last !== undefined,
    Upload: entries.map((upload) => describe(upload, text)),
    CommonPrefixes: prefixes.map((entry) => ({ Prefix: text(entry) })),
  });
}

/** A marker needs not be there any more: who cleans up has removed what the page before listed. */
function isAfter(query: URLSearchParams): (upload: ListedUpload) => boolean {
  const key = query.get("key-marker") ?? "";
  const id = query.get("upload-id-marker") ?? "";
  return (upload) => {
    if (key === "") return true;
    if (id === "") return compareUploads({ ...upload, id }, { key, id }) > 0;
    return compareUploads(upload, { key, id }) > 0;
  };
}

function describe({ key, id, startedMs, checksum }: ListedUpload, text: (key: string) => string): XmlChildren {
  return {
    Key: text(key),
    UploadId: id,
    Initiator: owner,
    Owner: owner,
    StorageClass: "STANDARD",
    Initiated: new Date(startedMs).toISOString(),
    ChecksumAlgorithm: checksum?.algorithm.toUpperCase(),
    ChecksumType: checksum?.type,
  };
}
