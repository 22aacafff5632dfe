import type { LinkedDocument } from '../connector.ts';
import { kinds } from './kinds/index.ts';
import { typeOfCode } from './link.ts';

/** The frame with the screen as a parameter, and the pages of the screen itself; a browser tab may add its own segment. */
const pages = [
  /^(?:\/\(W\(\d+\)\))?\/Main(?:\.aspx)?$/i,
  /^(?:\/\(W\(\d+\)\))?\/Pages\/[A-Z]{2}\/(\w{8})\.aspx$/i,
  /^(?:\/\(W\(\d+\)\))?\/Scripts\/Screens\/(\w{8})\.html$/i,
];
const longestNumber = 60;

/** The record that an address of this site and tenant opens. Names of parameters, paths and tenants know no capitals. */
export function keyFromLink(url: URL, { site, tenant }: { site: string; tenant: string }): LinkedDocument | null {
  const rest = pathBelow(url, new URL(site));
  const page = rest === null ? null : pages.map((each) => each.exec(rest)).find((match) => match !== null);
  const parameter = parameters(url);
  if (parameter === null) return null;
  const screen = page && (page[1] ?? parameter('screenid') ?? '').toUpperCase();
  const kind = kinds.find((each) => each.screen === screen);
  if (!kind) return null;
  const company = parameter('companyid');
  if (company !== null && company.toLowerCase() !== tenant.toLowerCase()) return null;
  const type = typeOfCode(kind, (parameter(kind.link.type.toLowerCase()) ?? '').toUpperCase());
  const number = parameter(kind.link.reference.toLowerCase());
  if (type === undefined || !number || number.length > longestNumber) return null;
  return { kind: kind.kind, key: `${type}|${number}`, namesCompany: company !== null };
}

function pathBelow(url: URL, site: URL): string | null {
  if (url.origin !== site.origin) return null;
  const base = site.pathname.replace(/\/$/, '').toLowerCase();
  try {
    const path = decodeURIComponent(url.pathname);
    return path.toLowerCase().startsWith(`${base}/`) ? path.slice(base.length) : null;
  } catch {
    return null;
  }
}

/** Reads a parameter, null where it is missing; null altogether where one is there twice, for then nobody knows which counts. */
function parameters({ searchParams }: URL): ((name: string) => string | null) | null {
  const values = new Map([...searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  return values.size === searchParams.size ? (name) => values.get(name) ?? null : null;
}
