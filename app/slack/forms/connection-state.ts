import { z } from 'zod';
import type { Connector } from '../../../connectors/connector.ts';
import type { Entered } from '../../setup/entered.ts';
import { formFields } from '../../setup/fields.ts';
import { fieldOf } from './connection-form.ts';

const elementState = z.object({
  type: z.string(),
  value: z.string().max(3_000).nullish(),
  selected_option: z.object({ value: z.string().max(255) }).nullish(),
  selected_options: z.array(z.object({ value: z.string().max(255) })).nullish(),
});
const stateSchema = z.record(z.string(), z.record(z.string(), elementState));

/** What stands in a form that was sent, as Slack writes it in `view.state.values`; undefined where it is no such form. */
export function readConnectionState(values: unknown, connector: Connector): Entered | undefined {
  const parsed = stateSchema.safeParse(values);
  if (!parsed.success) return undefined;
  const given = new Map<string, string | boolean>();
  for (const [block, elements] of Object.entries(parsed.data)) {
    const [state] = Object.values(elements);
    const field = fieldOf(block);
    const value = state && filledIn(state);
    if (field !== undefined && value !== undefined) given.set(field, value);
  }
  const text = (field: string) => String(given.get(field) ?? '');
  const entered: Entered = {
    ...{ connector: connector.id, name: text('name'), timeZone: text('time_zone') },
    ...{ cadences: {}, values: {}, secrets: {} },
  };
  for (const kind of Object.keys(connector.feeds)) entered.cadences[kind] = text(`cadence.${kind}`);
  for (const { name, secret } of formFields(connector.credentials)) {
    const value = given.get(`credentials.${name}`);
    if (value === undefined) continue;
    if (!secret) entered.values[name] = value;
    else if (typeof value === 'string') entered.secrets[name] = value;
  }
  return entered;
}

/** Undefined where it was left empty; whether a box is ticked is always known. */
function filledIn({ type, value, selected_option, selected_options }: z.output<typeof elementState>) {
  if (type === 'checkboxes') return (selected_options ?? []).length > 0;
  return (value ?? selected_option?.value) || undefined;
}
