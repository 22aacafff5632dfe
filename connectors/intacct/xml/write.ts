const special: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 section 2.2 forbids exactly these.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Text as it may stand in an element or an attribute; what XML cannot hold at all is left out. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(forbidden, '')
    .replace(/[&<>"']/g, (character) => special[character] ?? '');
}

/** An element around XML that is finished already. */
export function element(name: string, content: string | readonly string[] = '', attributes = ''): string {
  return `<${name}${attributes}>${typeof content === 'string' ? content : content.join('')}</${name}>`;
}

/** An element around text. */
export const leaf = (name: string, text: string | number): string => element(name, escaped(String(text)));

export const attribute = (name: string, value: string): string => ` ${name}="${escaped(value)}"`;

export const document = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
