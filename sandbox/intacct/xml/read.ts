import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element as the gateway looks at it: its text is that of its own text nodes, decoded once. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

/** What is wrong with a document; the gateway says it with XL03000003. */
export class XmlProblem extends Error {}

interface ParsedNode {
  [name: string]: ParsedNode[] | string | Record<string, string>;
}

const attributesName = ':@';
const textName = '#text';
const cdataName = '#cdata';
const depthMost = 60;

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

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 section 2.2 forbids exactly these.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));?/g, (whole, hex, decimal, name) => {
    if (!whole.endsWith(';')) throw new XmlProblem(`EntityRef: expecting ';' after ${whole}`);
    if (name !== undefined) {
      const character = named[name];
      if (character === undefined) throw new XmlProblem(`Entity '${name}' not defined`);
      return character;
    }
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (code > 0x10ffff || forbidden.test(String.fromCodePoint(code)))
      throw new XmlProblem(`xmlParseCharRef: invalid xmlChar value ${code}`);
    return String.fromCodePoint(code);
  });
}

/** Nothing but elements and text: no document type, so no entity of the sender's own, inside or from elsewhere. */
function refuseDeclarations(text: string): void {
  const bare = text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').replace(/<!--[\s\S]*?-->/g, '');
  if (/<!/.test(bare)) throw new XmlProblem('Document type declarations are not allowed');
  const encoding = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(bare)?.[1];
  if (encoding && encoding.toLowerCase() !== 'utf-8') throw new XmlProblem(`Unsupported encoding ${encoding}`);
}

function elementOf(node: ParsedNode): XmlElement {
  const name = Object.keys(node).find((key) => key !== attributesName) ?? '';
  const element: XmlElement = { name, attributes: {}, children: [], text: '' };
  for (const [key, value] of Object.entries((node[attributesName] ?? {}) as Record<string, string>))
    element.attributes[key] = decoded(value);
  for (const child of node[name] as ParsedNode[]) {
    if (textName in child) element.text += decoded(String(child[textName]));
    else if (cdataName in child)
      for (const part of child[cdataName] as ParsedNode[]) element.text += String(part[textName] ?? '');
    else element.children.push(elementOf(child));
  }
  return element;
}

/** Reads a document of one root. Throws XmlProblem for what is no well-formed, harmless XML 1.0. */
export function readXml(text: string): XmlElement {
  if (forbidden.test(text)) throw new XmlProblem('PCDATA invalid Char value');
  refuseDeclarations(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new XmlProblem(`${valid.err.msg} Line: ${valid.err.line}, column: ${valid.err.col}.`);
  let nodes: ParsedNode[];
  try {
    nodes = parser.parse(text) as ParsedNode[];
  } catch (error) {
    throw new XmlProblem(error instanceof Error ? error.message : String(error));
  }
  const roots = nodes.filter((node) => !(textName in node));
  const [root] = roots;
  if (!root || roots.length > 1) throw new XmlProblem('Extra content at the end of the document');
  return elementOf(root);
}

/** The first child of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

export function children(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** The text of the first child of that name, without the space around it; undefined where there is none. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text.trim();
}
