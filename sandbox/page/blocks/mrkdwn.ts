import type { Kit } from './kit.ts';

interface Style {
  bold?: true;
  italic?: true;
  strike?: true;
  code?: true;
}

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
const WORD = /[\p{L}\p{N}]/u;

/**
 * Reads Slack's mrkdwn into rich_text elements. As in Slack, only a raw `<…>` is a mention or a link:
 * `&lt;!channel&gt;` stays the words `<!channel>` and pings nobody.
 */
export function parseMrkdwn(source: string): Kit[] {
  const elements: Kit[] = [];
  const parts = source.split(/```\n?([\s\S]*?)\n?```\n?/);
  parts.forEach((part, index) => {
    if (index % 2 === 1) elements.push({ type: 'rich_text_preformatted', elements: parseInline(part, {}, false) });
    else elements.push(...parseLines(part));
  });
  return elements;
}

function parseLines(source: string): Kit[] {
  const elements: Kit[] = [];
  let quoted = false;
  let lines: string[] = [];
  const flush = () => {
    const text = lines.join('\n');
    if (text !== '')
      elements.push({ type: quoted ? 'rich_text_quote' : 'rich_text_section', elements: parseInline(text, {}) });
    lines = [];
  };
  for (const line of source.split('\n')) {
    const quote = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if ((quote !== null) !== quoted) flush();
    quoted = quote !== null;
    lines.push(quote?.[1] ?? line);
  }
  flush();
  return elements;
}

function parseInline(source: string, style: Style, marks = true): Kit[] {
  const elements: Kit[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') elements.push({ type: 'text', text: decode(text), ...styled(style) });
    text = '';
  };
  for (let at = 0; at < source.length; ) {
    const found = readToken(source, at, style) ?? (marks ? readMark(source, at, style) : undefined);
    if (found) {
      flush();
      elements.push(...found.elements);
      at = found.end;
    } else {
      text += source.charAt(at);
      at += 1;
    }
  }
  flush();
  return elements;
}

interface Found {
  elements: Kit[];
  end: number;
}

function readMark(source: string, at: number, style: Style): Found | undefined {
  const rest = source.slice(at);
  const code = /^`([^`\n]+)`/.exec(rest);
  if (code?.[1]) {
    return { elements: parseInline(code[1], { ...style, code: true }, false), end: at + code[0].length };
  }
  const emoji = /^:([a-z0-9_+'-]*[a-z+][a-z0-9_+'-]*):/.exec(rest);
  if (emoji?.[1]) return { elements: [{ type: 'emoji', name: emoji[1] }], end: at + emoji[0].length };
  const url = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"*_~]/.exec(rest);
  if (url && !WORD.test(source.charAt(at - 1))) {
    const address = decode(url[0]);
    return { elements: [{ type: 'link', url: address, text: address, ...styled(style) }], end: at + url[0].length };
  }
  return readEmphasis(source, at, style);
}

function readEmphasis(source: string, at: number, style: Style): Found | undefined {
  const mark = source.charAt(at);
  if (!(mark in MARKS) || WORD.test(source.charAt(at - 1)) || /^\s?$/.test(source.charAt(at + 1))) return undefined;
  for (let end = at + 2; end < source.length; end += 1) {
    if (source.charAt(end) === '\n') return undefined;
    if (source.charAt(end) !== mark || /\s/.test(source.charAt(end - 1)) || WORD.test(source.charAt(end + 1))) continue;
    const inner = { ...style, [MARKS[mark as keyof typeof MARKS]]: true };
    return { elements: parseInline(source.slice(at + 1, end), inner), end: end + 1 };
  }
  return undefined;
}

function readToken(source: string, at: number, style: Style): Found | undefined {
  if (source.charAt(at) !== '<') return undefined;
  const close = source.indexOf('>', at);
  if (close === -1) return undefined;
  const [target = '', ...rest] = source.slice(at + 1, close).split('|');
  const label = rest.join('|');
  const element = readTarget(target, label);
  return element && { elements: [{ ...element, ...styled(style) }], end: close + 1 };
}

function readTarget(target: string, label: string): Kit | undefined {
  const mention = /^([@#])([UWCDG][A-Z0-9]*)$/.exec(target);
  if (mention?.[1] === '@') return { type: 'user', user_id: mention[2] };
  if (mention) return { type: 'channel', channel_id: mention[2] };
  const range = /^!(here|channel|everyone)$/.exec(target);
  if (range) return { type: 'broadcast', range: range[1] };
  const group = /^!subteam\^(\w+)$/.exec(target);
  if (group) return { type: 'usergroup', usergroup_id: group[1] };
  const date = /^!date\^(\d+)\^([^^]*)(?:\^(.*))?$/.exec(target);
  if (date) return { type: 'date', timestamp: Number(date[1]), format: decode(date[2] ?? ''), fallback: label };
  if (/^(https?:\/\/|mailto:|tel:)/i.test(target)) {
    return { type: 'link', url: decode(target), text: decode(label || target.replace(/^(mailto|tel):/i, '')) };
  }
  return undefined;
}

function styled(style: Style): { style?: Style } {
  return Object.keys(style).length > 0 ? { style } : {};
}

/** Slack knows these three escapes and no others. */
function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
