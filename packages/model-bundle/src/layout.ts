/** Where things are in a bucket: the pointer, and a folder of immutable files for each published version. */
export const POINTER_KEY = "models/current.json";
export const VERSIONS_PREFIX = "models/";

export interface Version {
  readonly name: string;
  readonly version: string;
}

export function fileKey({ name, version }: Version, path: string): string {
  return `${VERSIONS_PREFIX}${name}/${version}/${path}`;
}

export function manifestKey(version: Version): string {
  return fileKey(version, "manifest.json");
}

/** The version that a key belongs to, and its file; undefined for the pointer and for what is none of ours. */
export function parseKey(key: string): (Version & { readonly path: string }) | undefined {
  const [name, version, path, ...rest] = key.slice(VERSIONS_PREFIX.length).split("/");
  if (!key.startsWith(VERSIONS_PREFIX) || !name || !version || !path || rest.length > 0) return undefined;
  return { name, version, path };
}

/** As operators write it on a command line and read it in a message. */
export function versionId({ name, version }: Version): string {
  return `${name}@${version}`;
}

const publishedVersion = /^([a-z0-9][a-z0-9._-]*)@([A-Za-z0-9][A-Za-z0-9._-]*)$/;

/** Reads what `versionId` writes; undefined for anything else. */
export function parseVersionId(text: string): Version | undefined {
  const [, name, version] = publishedVersion.exec(text) ?? [];
  return name && version ? { name, version } : undefined;
}
