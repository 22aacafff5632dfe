import type { Kind } from './kinds/kind.ts';

/** Where a person opens the record. Without CompanyID the browser may open another tenant. */
export function linkTo(
  { screen, link }: Kind,
  { site, tenant }: { site: string; tenant: string },
  type: string,
  reference: string,
): string {
  const code = link.codes === null ? type : link.codes[type];
  const start = `${site}/Main?CompanyID=${encodeURIComponent(tenant)}&ScreenId=${screen}`;
  if (code === undefined) return start;
  return `${start}&${link.type}=${encodeURIComponent(code)}&${link.reference}=${encodeURIComponent(reference)}`;
}

/** The label that stands for an internal code; undefined for anything else. */
export function typeOfCode({ link, types }: Kind, code: string): string | undefined {
  if (link.codes === null) return types.find((type) => type === code);
  return Object.entries(link.codes).find(([, known]) => known === code)?.[0];
}
