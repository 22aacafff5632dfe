const special: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Text as it may stand in an element or an attribute. */
export function escaped(text: string): string {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, (character) => special[character] ?? '') : text;
}

/** An element around XML that is finished already. */
export function element(name: string, content = '', attributes: Record<string, string | number> = {}): string {
  let opening = name;
  for (const [key, value] of Object.entries(attributes)) opening += ` ${key}="${escaped(String(value))}"`;
  return `<${opening}>${content}</${name}>`;
}

/** An element around text. */
export function leaf(name: string, text: string | number | null | undefined): string {
  return `<${name}>${escaped(String(text ?? ''))}</${name}>`;
}

export function document(root: string): string {
  return declaration + root;
}
