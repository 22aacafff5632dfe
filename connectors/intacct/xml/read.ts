import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as it came: its text is that of its own text nodes, with references decoded once. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  text: string;
}

/** `damaged`: cut off or garbled on its way. `unsafe`: more or other than an answer may be, whoever sent it. */
export class XmlProblem extends Error {
  readonly kind: 'damaged' | 'unsafe';
  constructor(kind: XmlProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

interface ParsedNode {
  [name: string]: ParsedNode[] | string | Record<string, string>;
}

const attributesName = ':@';
const textName = '#text';
const cdataName = '#cdata';
/** An answer of the gateway is seven levels deep. */
const depthMost = 40;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: cdataName,
  maxNestedTags: depthMost,
});

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five references of XML itself and numbers; any other would need a declaration, and there is none. */
function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,40}))?;?/g, (whole, hex, decimal, name) => {
    if (name !== undefined && whole.endsWith(';') && Object.hasOwn(named, name)) return named[name] ?? '';
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!whole.endsWith(';') || Number.isNaN(code) || code > 0x10ffff)
      throw new XmlProblem('unsafe', `It refers to something that it does not hold: ${whole.slice(0, 40)}`);
    return String.fromCodePoint(code);
  });
}

/** No document type, so no entities of the sender's own; no text but UTF-8. */
function refuseUnsafe(text: string): void {
  const start = text.slice(0, 400);
  const encoding = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
    throw new XmlProblem('unsafe', `It is written in ${encoding.slice(0, 40)}.`);
  for (let at = text.indexOf('<!'); at !== -1; at = text.indexOf('<!', at)) {
    const [opening, closing] = text.startsWith('<!--', at) ? ['<!--', '-->'] : ['<![CDATA[', ']]>'];
    if (!text.startsWith(opening, at)) throw new XmlProblem('unsafe', 'It declares a document type.');
    const end = text.indexOf(closing, at + opening.length);
    if (end === -1) throw new XmlProblem('damaged', `It ends within ${opening}.`);
    at = end + closing.length;
  }
}

/**
 * Before anything is built: thousands of levels would cost a recursion each. No tag holds another `<`, so that looking for
 * the end of one that has none stops there instead of going through all of the rest each time.
 */
function refuseDepth(text: string): void {
  let depth = 0;
  for (const [tag] of text.matchAll(/<[/A-Za-z_][^<>]*>/g)) {
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    if (depth > depthMost) throw new XmlProblem('unsafe', `It is nested more than ${depthMost} levels deep.`);
  }
}

function elementOf(node: ParsedNode): XmlElement {
  const name = Object.keys(node).find((key) => key !== attributesName) ?? '';
  const attributes = Object.entries((node[attributesName] ?? {}) as Record<string, string>);
  const children: XmlElement[] = [];
  let text = '';
  for (const child of node[name] as ParsedNode[]) {
    if (textName in child) text += decoded(String(child[textName]));
    else if (cdataName in child)
      for (const part of child[cdataName] as ParsedNode[]) text += String(part[textName] ?? '');
    else children.push(elementOf(child));
  }
  return {
    name,
    attributes: Object.fromEntries(attributes.map(([key, value]) => [key, decoded(value)])),
    children,
    text,
  };
}

/** The parser quotes what it does not understand, however long that is. */
const shortly = (message: string) => message.slice(0, 200);

/** The root of a document. Throws XmlProblem. Nothing outside the text is ever looked at. */
export function readXml(text: string): XmlElement {
  refuseUnsafe(text);
  refuseDepth(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new XmlProblem('damaged', `${shortly(valid.err.msg)} (line ${valid.err.line})`);
  let nodes: ParsedNode[];
  try {
    nodes = parser.parse(text) as ParsedNode[];
  } catch (error) {
    throw new XmlProblem('damaged', shortly(error instanceof Error ? error.message : String(error)));
  }
  const [root, ...others] = nodes.filter((node) => !(textName in node));
  if (root === undefined || others.length > 0) throw new XmlProblem('damaged', 'It has not exactly one root.');
  return elementOf(root);
}

/** The first child of that name. */
export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((candidate) => candidate.name === name);

export const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((candidate) => candidate.name === name) ?? [];

/** The trimmed text of the first child of that name; null where it is empty or not there. */
export const textOf = (element: XmlElement | undefined, name: string): string | null =>
  child(element, name)?.text.trim() || null;
