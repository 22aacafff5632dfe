import { access } from 'node:fs/promises';
import { expect } from 'chai';
import { readPages, root } from './pages.ts';

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

describe('the links of the documentation', () => {
  it('lead to files and headings that are there', async () => {
    const pages = await readPages();
    const anchors = new Map(
      pages.map(({ path, text }) => [
        path,
        [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? '')),
      ]),
    );
    const broken: string[] = [];
    for (const { path, text } of pages) {
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const url = new URL(target, new URL(path, root));
        const linked = url.pathname.slice(root.pathname.length);
        const isThere = await access(new URL(url.pathname, root)).then(
          () => true,
          () => false,
        );
        const hasHeading = !url.hash || anchors.get(linked)?.includes(url.hash.slice(1));
        if (!isThere || !hasHeading) broken.push(`${path}: ${target}`);
      }
    }
    expect(broken).to.deep.equal([]);
  });

  it('name no file and no folder that is not there', async () => {
    const broken: string[] = [];
    for (const { path, text } of await readPages()) {
      for (const [, named = ''] of text.matchAll(
        /`((?:app|listeners|connectors|migrations|cli|demo|sandbox|test|docs)\/[\w./-]*)`/g,
      )) {
        const isThere = await access(new URL(named, root)).then(
          () => true,
          () => false,
        );
        if (!isThere && !named.includes('NN-')) broken.push(`${path}: ${named}`);
      }
    }
    expect(broken).to.deep.equal([]);
  });
});
