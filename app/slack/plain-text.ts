/** The people that a message mentions, each once. */
export function mentionedIn(text: string): string[] {
  return [...new Set([...text.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id]) => id ?? ''))];
}

/** A message as people read it: Slack's control sequences in words, its three escapes undone. */
export function toPlainText(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replace(/<([^<>]*)>/g, (_whole, inner: string) => inWords(inner, names))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();
}

function inWords(inner: string, names: ReadonlyMap<string, string>): string {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : inner.slice(bar + 1);
  const rest = target.slice(1);
  if (target.startsWith('@')) return `@${names.get(rest) ?? (label || rest)}`;
  if (target.startsWith('#')) return `#${label || rest}`;
  if (target.startsWith('!')) return label || `@${rest.replace(/\^.*/, '')}`;
  const address = target.replace(/^mailto:/, '');
  return label === '' || label === address ? address : `${label} (${address})`;
}
