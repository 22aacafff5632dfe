import type { KnownBlock } from '@slack/types';
import { severities } from '../../domain/document.ts';
import { severityWords } from '../../domain/exceptions.ts';
import type { RouteDraft } from '../../setup/route-draft.ts';
import { field, option } from './route-fields.ts';
import { routeInputs } from './route-ids.ts';

const options = severities.map((each) => option(each, severityWords[each]));

/** Which exceptions come, by how much they matter. */
export function severityConditions(draft: RouteDraft): KnownBlock[] {
  const checked = options.filter(({ value }) => draft.severities.some((each) => each === value));
  return [
    field(
      routeInputs.severities,
      {
        label: 'Severities',
        hint: 'As each was found. Other routes can send the rest to other channels.',
        required: true,
      },
      {
        type: 'checkboxes',
        action_id: routeInputs.severities,
        options,
        ...(checked.length > 0 ? { initial_options: checked } : {}),
      },
    ),
  ];
}

/** As what they are shown. */
export function severityShown(draft: RouteDraft): KnownBlock[] {
  const choices = [option('as_found', 'As found'), ...options];
  const initial = choices.find(({ value }) => value === draft.severity);
  return [
    field(
      routeInputs.severity,
      {
        label: 'Show these as',
        hint: 'Those who are mentioned are named on warnings and what is critical, not on an information.',
        required: true,
      },
      {
        type: 'static_select',
        action_id: routeInputs.severity,
        options: choices,
        ...(initial ? { initial_option: initial } : {}),
      },
    ),
  ];
}
