import { dayOf, shownFields } from '../../domain/custom.ts';
import { formatDate } from '../../domain/dates.ts';
import { shorten } from '../../domain/text.ts';
import type { CardContent, CardSubject } from '../card.ts';

const longest = { label: 60, value: 200 };

/** The custom fields that the route shows, in its order; nothing where it shows none. */
export function fields({ document, route, locale }: CardSubject): Pick<CardContent, 'fields'> {
  const shown = shownFields(document, route.customFields).map(({ label, value }) => ({
    label: shorten(label, longest.label),
    value: value === null ? 'none' : shorten(inWords(value, locale), longest.value),
  }));
  return shown.length > 0 ? { fields: shown } : {};
}

const inWords = (value: string, locale: string) => {
  const day = dayOf(value);
  return day ? formatDate(day.date, locale) : value;
};
