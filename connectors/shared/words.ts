const hidden = '***';
const longest = 300;
const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

/** Makes text of the ERP fit for people: no HTML, no stack trace, no secret, one line. */
export type Words = (text: string) => string;

function variants(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
  ];
}

/** `secrets` is asked at every use, since tokens change. */
export function createWords(secrets: () => string[]): Words {
  const withoutSecrets = (text: string) => {
    let clean = text;
    for (const secret of secrets()) {
      for (const variant of variants(secret)) if (variant.length >= 4) clean = clean.replaceAll(variant, hidden);
    }
    return clean;
  };
  return (text) => {
    const clean = withoutSecrets(text)
      .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<\/?[a-z!][^>]*>/gi, ' ')
      .replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (entity) => entities[entity] ?? ' ')
      .replace(/\s+at [\w.<>`[\]]+\([^)]*\)( in \S+( \d+)?)?/g, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^(Error: )+/, '')
      .trim();
    return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
  };
}
