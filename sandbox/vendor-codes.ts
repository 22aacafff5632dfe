const legalForms =
  /\b(ltd|limited|plc|llp|llc|l\.p\.?|inc|societas|scrl|uk|the|of|and|for)\b|\([^)]*\)|[^\p{L}\p{N} ]/giu;
const longest = 10;

function wordsOf(name: string): string[] {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replace(legalForms, ' ').toUpperCase();
  const words = plain.split(/\s+/).filter((word) => /^[A-Z0-9]+$/.test(word));
  return words.length > 0 ? words : ['VENDOR'];
}

/** Vendor IDs as accounts departments choose them: upper case, at most ten characters, unique. Keyed by vendor name. */
export function vendorCodes(names: Iterable<string>, taken: ReadonlySet<string> = new Set()): Map<string, string> {
  const all = [...new Set(names)];
  const firstWords = new Map<string, number>();
  for (const name of all) firstWords.set(wordsOf(name)[0] ?? '', (firstWords.get(wordsOf(name)[0] ?? '') ?? 0) + 1);
  const used = new Set(taken);
  const codes = new Map<string, string>();
  for (const name of all) {
    const [first = '', second = ''] = wordsOf(name);
    const alone = firstWords.get(first) === 1 && first.length >= 4;
    const stem = alone || second === '' ? first : `${first.slice(0, 3)}${second.slice(0, 4)}`;
    let code = stem.slice(0, longest);
    for (let again = 2; used.has(code); again += 1) code = `${stem.slice(0, longest - 2)}${again}`;
    used.add(code);
    codes.set(name, code);
  }
  return codes;
}
