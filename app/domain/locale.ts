/** How amounts and dates are written where nothing else is known, and in the record of what happened. */
export const defaultLocale = 'en-GB';

/**
 * The tag of a locale as this machine writes it, "de-DE" for "de_DE"; undefined for what is none or not known here, so
 * that nobody gets the machine's own by accident.
 */
export function knownLocale(tag: unknown): string | undefined {
  if (typeof tag !== 'string' || !/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/.test(tag)) return undefined;
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
