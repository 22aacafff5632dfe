const hidden = '***';
const secretName =
  /token|secret|passw|pwd|api[-_]?key|access[-_]?key|^key$|^code$|auth|signature|^sig$|session|cookie|assertion|credential/i;

/** The address without user info and with the values of token-like query parameters hidden. */
export function redactUrl(address: string): string {
  if (!URL.canParse(address)) return '(unreadable address)';
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.hash = '';
  for (const name of new Set(url.searchParams.keys())) {
    if (secretName.test(name)) url.searchParams.set(name, hidden);
  }
  return url.href;
}

/** Free text (a library's message) with every address in it redacted. */
export function redactText(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi, (address) => redactUrl(address));
}
