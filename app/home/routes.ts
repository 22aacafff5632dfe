import type { Knex } from 'knex';
import type { Text } from '../cards/card.ts';
import { toRoute } from '../connections/routes.ts';
import { severityWords } from '../domain/exceptions.ts';
import { documentsTitle } from '../domain/kinds.ts';
import { formatMoney } from '../domain/money.ts';
import type { Conditions, Route } from '../domain/routing.ts';
import type { HomeAsked } from './content.ts';
import { clampPage, type Paged } from './paging.ts';

const pageSize = 8;
const shownPeople = 5;
const shownValues = 5;

export interface RouteInWords {
  id: string;
  name: string;
  connection: string;
  channel: string;
  what: string;
  /** Who may decide, up to which amount. */
  deciders: Text;
}

/** The routes in force, by connection and in their order. */
export async function readRoutes(db: Knex, { installationId, pages, locale }: HomeAsked): Promise<Paged<RouteInWords>> {
  const all = () =>
    db('routes as r')
      .join('connections as n', 'n.id', 'r.connection_id')
      .where({ 'n.installation_id': installationId, 'r.retired_at': null });
  const counted = await all().count('* as total').first();
  const total = Number(counted?.total ?? 0);
  const { page, pages: count } = clampPage(pages.routes, total, pageSize);
  const rows = await all()
    .orderByRaw('lower(n.name), r.position, r.id')
    .limit(pageSize)
    .offset(page * pageSize)
    .select('r.*', 'n.name as connection_name');
  const items = rows.map((row): RouteInWords => {
    const route = toRoute(row);
    return {
      id: route.id,
      name: row.name,
      connection: row.connection_name,
      channel: route.channel,
      what: `${documentsTitle(route.kind)}${inWords(route.conditions, locale)}${shownAs(route)}${route.digestCadence ? `, in digests (${route.digestCadence})` : ''}`,
      deciders: decidersInWords(route, locale),
    };
  });
  return { items, total, page, pages: count, size: pageSize };
}

const shownAs = ({ severity }: Route) =>
  severity === 'as_found' ? '' : `, shown as ${severityWords[severity].toLowerCase()}`;

/** Conditions as a person would say them; empty where there are none. */
export function inWords(conditions: Conditions, locale: string): string {
  const { amountAtLeast, amountBelow, currency, vendors, statuses, types, branches, severities } = conditions;
  const money = (value: string) => formatMoney({ value, currency: currency ?? null }, locale);
  const parts = [];
  if (amountAtLeast && amountBelow) parts.push(`from ${money(amountAtLeast)} to below ${money(amountBelow)}`);
  else if (amountAtLeast) parts.push(`of ${money(amountAtLeast)} or more`);
  else if (amountBelow) parts.push(`below ${money(amountBelow)}`);
  else if (currency) parts.push(`in ${currency}`);
  if (types) parts.push(`of type ${oneOf(types)}`);
  if (vendors) parts.push(`from ${oneOf(vendors)}`);
  if (branches) parts.push(`of branch ${oneOf(branches)}`);
  if (statuses) parts.push(`that are ${oneOf(statuses)}`);
  if (severities) parts.push(`of severity ${oneOf(severities.map((each) => severityWords[each].toLowerCase()))}`);
  return parts.length > 0 ? ` ${parts.join(' ')}` : '';
}

function oneOf(values: string[]): string {
  const shown = values.slice(0, shownValues);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(', ')} or ${more} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}` : (shown[0] ?? 'none');
}

function decidersInWords({ deciders, actions }: Route, locale: string): Text {
  if (deciders.length === 0 || actions.length === 0) return ['for information only'];
  const shown = deciders.slice(0, shownPeople);
  const people = shown.flatMap<Text[number]>(({ user, upTo }, index) => [
    index === 0 ? '' : ', ',
    { person: user },
    upTo ? ` up to ${formatMoney(upTo, locale)}` : '',
  ]);
  const more = deciders.length - shown.length;
  return ['decided by ', ...people, ...(more > 0 ? [` and ${more} more`] : [])];
}
