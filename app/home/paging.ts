/** One page of a list, and where it stands among the others. */
export interface Paged<T> {
  items: T[];
  total: number;
  /** The first page is 0. */
  page: number;
  pages: number;
  /** How many a page holds. */
  size: number;
}

/** The page that is asked for, or the last one where the list has become shorter. */
export function clampPage(asked: number | undefined, total: number, size: number): { page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(total / size));
  const page = Number.isSafeInteger(asked) ? Math.min(Math.max(0, asked ?? 0), pages - 1) : 0;
  return { page, pages };
}

export function paged<T>(all: readonly T[], asked: number | undefined, size: number): Paged<T> {
  const { page, pages } = clampPage(asked, all.length, size);
  return { items: all.slice(page * size, (page + 1) * size), total: all.length, page, pages, size };
}
