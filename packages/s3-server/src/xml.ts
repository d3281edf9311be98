import { XMLParser } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

export interface XmlChildren {
  readonly [element: string]: XmlContent | readonly XmlContent[];
}
type XmlContent = string | number | boolean | undefined | XmlChildren;

/**
 * A document as S3 writes it: all but errors are in its namespace, where boto3 would find no error's code. An array
 * repeats its element, undefined leaves it out.
 */
export function renderXml(root: string, content: XmlChildren): string {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${children(content)}</${root}>`;
}

function children(content: XmlChildren): string {
  return Object.entries(content)
    .flatMap(([name, value]) => (isList(value) ? value : [value]).map((item) => element(name, item)))
    .join("");
}

function element(name: string, content: XmlContent): string {
  if (content === undefined) return "";
  return `<${name}>${typeof content === "object" ? children(content) : escape(String(content))}</${name}>`;
}

function isList(value: XmlContent | readonly XmlContent[]): value is readonly XmlContent[] {
  return Array.isArray(value);
}

// Control characters are not XML 1.0 even as references, but S3 sends them so: `encoding-type=url` is the way out.
function escape(text: string): string {
  // eslint-disable-next-line no-control-regex -- keys may hold them
  return text.replace(/[&<>"\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const parser = new XMLParser({ parseTagValue: false, trimValues: false, ignoreAttributes: true, htmlEntities: true });

/** The named root element of a client's document; throws MalformedXML. */
export function parseXml(text: string, root: string): XmlElement {
  let document: unknown;
  try {
    document = parser.parse(text);
  } catch (error) {
    throw new S3Error("MalformedXML", { fields: { Reason: error instanceof Error ? error.message : String(error) } });
  }
  const [first] = new XmlElement(document).children(root);
  // The parser would complete a document that has been cut off.
  if (first === undefined || !text.trimEnd().endsWith(`</${root}>`)) {
    throw new S3Error("MalformedXML", { fields: { Reason: `There is no whole ${root}.` } });
  }
  return first;
}

/** A parsed element, of which nothing is known yet. */
export class XmlElement {
  private readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  get names(): string[] {
    return typeof this.value === "object" && this.value !== null ? Object.keys(this.value) : [];
  }

  children(name: string): XmlElement[] {
    if (typeof this.value !== "object" || this.value === null) return [];
    const child: unknown = Reflect.get(this.value, name);
    if (child === undefined) return [];
    return (Array.isArray(child) ? child : [child]).map((value) => new XmlElement(value));
  }

  text(name: string): string | undefined {
    const [first] = this.children(name);
    return typeof first?.value === "string" ? first.value : undefined;
  }
}
