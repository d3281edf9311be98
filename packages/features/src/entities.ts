const named = new Map(
  Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", ndash: "-", mdash: "-", hellip: "." }),
);
const LONGEST = 10;

/** A character reference at `&`: the UTF-16 unit it stands for and the index after its semicolon; undefined if it is none. */
export function entityAt(source: string, start: number): { code: number; end: number } | undefined {
  let semicolon = start + 1;
  while (semicolon - start < LONGEST && isNamePart(source.charCodeAt(semicolon))) semicolon += 1;
  if (source.charCodeAt(semicolon) !== 59) return undefined;
  const name = source.slice(start + 1, semicolon);
  const code = name.startsWith("#") ? numeric(name) : named.get(name)?.charCodeAt(0);
  return code === undefined ? undefined : { code, end: semicolon + 1 };
}

function numeric(name: string): number | undefined {
  const hexadecimal = /^#x([0-9a-f]+)$/i.exec(name)?.[1];
  const decimal = /^#([0-9]+)$/.exec(name)?.[1];
  const digits = hexadecimal ?? decimal;
  return digits === undefined ? undefined : Number.parseInt(digits, hexadecimal === undefined ? 10 : 16);
}

function isNamePart(code: number): boolean {
  return code === 35 || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
