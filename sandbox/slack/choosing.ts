import { choosesMany, initialState, valueKey } from './elements.ts';
import { RequestRefused } from './errors.ts';
import { isJson, type Json } from './model.ts';
import { conversationsToChoose, peopleToChoose } from './places-to-choose.ts';
import type { SlackState } from './state.ts';

/** Who chooses, and what else they could choose than what the element itself lists. */
export interface Chooser {
  state: SlackState;
  user: string;
  /** What the app last suggested for an external select. */
  offered?: Json[] | undefined;
  /** What is chosen now: it stays choosable whatever is offered since. */
  current?: Json | undefined;
}

function listed(element: Json): Json[] {
  const groups = Array.isArray(element.option_groups) ? (element.option_groups as Json[]) : [];
  const own = Array.isArray(element.options) ? (element.options as Json[]) : [];
  return [...own, ...groups.flatMap((group) => group.options as Json[])];
}

function initialOptions(element: Json): Json[] {
  const many = Array.isArray(element.initial_options) ? (element.initial_options as Json[]) : [];
  return isJson(element.initial_option) ? [element.initial_option, ...many] : many;
}

function currentOptions(current: Json | undefined): Json[] {
  return [current?.selected_option, current?.selected_options].flat().filter(isJson);
}

function optionFor(element: Json, choice: unknown, { offered = [], current }: Chooser): Json {
  const value = isJson(choice) ? choice.value : choice;
  const known = [...listed(element), ...offered, ...initialOptions(element), ...currentOptions(current)];
  const option = known.find((candidate) => candidate.value === value);
  if (!option) throw new RequestRefused(400, `there is no option ${JSON.stringify(value)}`);
  return option;
}

const isRealDate = (value: unknown) =>
  typeof value === 'string' &&
  /^\d{4}-\d{2}-\d{2}$/.test(value) &&
  new Date(`${value}T00:00:00Z`).toISOString().startsWith(value);

/** What fits under each key; for the rest (options, text) other rules hold. */
function fits(key: string, element: Json, choice: unknown, { state, user }: Chooser): boolean {
  const chosenIn = (ids: Array<{ id: string }>) => ids.some(({ id }) => id === choice);
  switch (key) {
    case 'selected_user':
    case 'selected_users':
      return chosenIn(peopleToChoose(state.roster));
    case 'selected_conversation':
    case 'selected_conversations':
    case 'selected_channel':
    case 'selected_channels':
      return chosenIn(conversationsToChoose(state.roster, user, element));
    case 'selected_date':
      return isRealDate(choice);
    case 'selected_time':
      return typeof choice === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(choice);
    case 'selected_date_time':
      return Number.isInteger(choice);
    case 'value':
      return typeof choice === 'string';
    default:
      return true;
  }
}

/**
 * What a person chose or typed, as the wire has it. `given` is the value of the option, the id, the date, the text, or a
 * whole state object such as `{ selected_option }`; null or nothing empties the field. Throws RequestRefused (400) for
 * what Slack's client does not let anybody choose.
 */
export function chosenState(element: Json, given: unknown, chooser: Chooser): Json {
  const key = valueKey(element);
  if (key === undefined) throw new RequestRefused(400, `nothing can be chosen in a ${element.type}`);
  if (given === undefined) return chooser.current ?? initialState(element);
  if (isJson(given) && Object.hasOwn(given, key)) return chosenState(element, given[key] ?? null, chooser);
  const one = (choice: unknown) => {
    if (key.startsWith('selected_option')) return optionFor(element, choice, chooser);
    if (!fits(key, element, choice, chooser)) {
      throw new RequestRefused(400, `${JSON.stringify(choice)} cannot be chosen in a ${element.type}`);
    }
    return choice;
  };
  if (choosesMany(element)) {
    const list = given === null || given === '' ? [] : Array.isArray(given) ? given : [given];
    const most = element.max_selected_items;
    if (typeof most === 'number' && list.length > most)
      throw new RequestRefused(400, `no more than ${most} can be chosen`);
    return { type: element.type, [key]: list.map(one) };
  }
  return { type: element.type, [key]: given === null || given === '' ? null : one(given) };
}
