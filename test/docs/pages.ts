import { readdir, readFile } from 'node:fs/promises';

export const root = new URL('../../', import.meta.url);

export interface DocumentationPage {
  /** Below the root, for example `docs/operations.md`. */
  path: string;
  text: string;
}

/** The pages that people read, the generated figures too. */
export async function readPages(): Promise<DocumentationPage[]> {
  const below = (await readdir(new URL('docs/', root))).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below.map((name) => `docs/${name}`)];
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(new URL(path, root), 'utf8') })));
}

/** The fenced blocks of one language. */
export function blocksOf({ text }: DocumentationPage, language: string): string[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, of, block]) =>
    of === language && block ? [block] : [],
  );
}
