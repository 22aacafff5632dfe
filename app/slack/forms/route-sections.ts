import type { Checkboxes, KnownBlock, PlainTextOption } from '@slack/types';
import { customFieldsMost } from '../../domain/custom.ts';
import type { ActionName } from '../../domain/document.ts';
import { cadencePresets } from '../../setup/cadences.ts';
import { limitsMost, type RouteDraft } from '../../setup/route-draft.ts';
import { actions, context, plainButton } from '../home-parts.ts';
import { choice, field, option, peopleField, plain, suggestedField, textField } from './route-fields.ts';
import { peopleBlock, routeActions, routeInputs, upToBlock } from './route-ids.ts';

const labels: Record<ActionName, string> = {
  approve: 'Approve',
  reject: 'Reject (asks for a reason)',
  release: 'Release',
  hold: 'Put on hold',
  unhold: 'Release from hold',
};

/** Which documents. */
export function conditions(draft: RouteDraft): KnownBlock[] {
  return [
    textField(routeInputs.amountAtLeast, { label: 'Amount of at least' }, draft.amountAtLeast, '5000'),
    textField(routeInputs.amountBelow, { label: 'Amount below' }, draft.amountBelow, '100000'),
    textField(
      routeInputs.currency,
      { label: 'Currency', hint: 'Empty: any, and the amounts above are compared whatever the currency.' },
      draft.currency,
      'GBP',
    ),
    suggestedField(
      routeInputs.vendors,
      { label: 'Vendors or customers', hint: 'By code or name; type one that no document has shown yet.' },
      draft.vendors,
    ),
    suggestedField(routeInputs.branches, { label: 'Companies or branches' }, draft.branches),
    suggestedField(routeInputs.statuses, { label: 'States' }, draft.statuses),
    suggestedField(routeInputs.types, { label: 'Types' }, draft.types),
  ];
}

/** Where they go, how, and who is mentioned. */
export function place(
  draft: RouteDraft,
  { timeZone, isEdited }: { timeZone: string; isEdited: boolean },
): KnownBlock[] {
  const stays = isEdited ? ' With neither, the route keeps the place that it has.' : '';
  const deliveries = [
    option('cards', 'A card for each'),
    ...cadencePresets.map(({ cron, words }) => option(cron, words)),
    option('own', 'Digests at times of your own'),
  ];
  const own = textField(
    routeInputs.cadence,
    {
      label: 'When digests come',
      hint: `A cron expression, in the time zone ${timeZone}: minute, hour, day, month, weekday.`,
    },
    draft.cadence,
    '30 7 * * 1-5',
  );
  return [
    field(
      routeInputs.channel,
      {
        label: 'Channel',
        hint: `Public or private. Into a private one, and to find a card whose posting got no answer, invite the app: type /invite @Countersign there.${stays}`,
      },
      {
        type: 'conversations_select',
        action_id: routeInputs.channel,
        filter: { include: ['public', 'private'], exclude_bot_users: true },
        placeholder: plain('Choose a channel'),
        ...(draft.channel ? { initial_conversation: draft.channel } : {}),
      },
    ),
    field(
      routeInputs.person,
      { label: 'Or a person', hint: 'Instead of a channel: they get the cards as direct messages from the app.' },
      {
        type: 'users_select',
        action_id: routeInputs.person,
        placeholder: plain('Choose a person'),
        ...(draft.person ? { initial_user: draft.person } : {}),
      },
    ),
    choice(routeActions.delivery, `How (times are those of ${timeZone})`, deliveries, draft.delivery),
    ...(draft.delivery === 'own' ? [own] : []),
    peopleField(
      routeInputs.mentions,
      { label: 'Mentioned for information', hint: 'Each card names them. Groups that a file names are kept.' },
      draft.mentions,
    ),
  ];
}

/** What cards show besides what all cards show. */
export function customFields(draft: RouteDraft): KnownBlock {
  const hint = `Fields that your company added in the ERP, up to ${customFieldsMost}, like Document.UsrProject. Changes in them are checked before a decision.`;
  const words = { label: 'Custom fields on the cards', hint };
  return suggestedField(routeInputs.customFields, words, draft.customFields, { none: 'None', most: customFieldsMost });
}

/** Who decides what, up to which amount. */
export function deciders(draft: RouteDraft, offered: readonly ActionName[]): KnownBlock[] {
  const options = offered.map((action) => option(action, labels[action]));
  const checked = options.filter(({ value }) => draft.actions.some((action) => action === value));
  const checkboxes: Checkboxes = {
    type: 'checkboxes',
    action_id: routeInputs.actions,
    options,
    ...(checked.length > 0 ? { initial_options: checked } : {}),
  };
  const tiers = draft.limits.flatMap(({ people, upTo }, tier): KnownBlock[] => [
    peopleField(
      routeInputs.people,
      {
        label: tier === 0 ? 'Who may decide' : `Who may decide (${tier + 1})`,
        blockId: peopleBlock(tier),
        ...(tier === 0 ? { hint: 'Nobody: cards only inform and have no buttons.' } : {}),
      },
      people,
    ),
    textField(
      routeInputs.upTo,
      { label: 'Up to', hint: 'Amount and currency. Empty: any amount.', blockId: upToBlock(tier) },
      upTo,
      '25000 GBP',
    ),
  ]);
  const more = actions(routeActions.addLimit, [plainButton(routeActions.addLimit, 'Add another limit', 'add')]);
  return [
    ...tiers,
    ...(draft.limits.length < limitsMost ? [more] : []),
    field(routeInputs.actions, { label: 'What they may do' }, checkboxes),
  ];
}

/** Whose account acts in the ERP. */
export function actAs(draft: RouteDraft): KnownBlock {
  const options = [
    option('service', 'The connection’s own'),
    option('person_or_service', 'Their own where linked, else the connection’s'),
    option('person', 'Only their own'),
  ];
  const initial = options.find(({ value }) => value === (draft.actAs ?? 'service'));
  return field(
    routeInputs.actAs,
    {
      label: 'Whose account acts in the ERP',
      hint: 'People link theirs in Home, or when they first decide.',
      required: true,
    },
    {
      type: 'static_select',
      action_id: routeInputs.actAs,
      options,
      ...(initial ? { initial_option: initial } : {}),
    },
  );
}

/** Stands where there is no choice. */
export const onlyAsPerson = context(
  'Here everyone decides with their own ERP account, which they link in Home or when they first decide.',
);

/** Whether what is decided is recorded in the ERP's note as well. */
export function noteDecisions(draft: RouteDraft): KnownBlock {
  const hint = 'Who decided, when and why, added below what stands there.';
  return field(
    routeInputs.noteDecisions,
    { label: 'In the ERP’s own note', hint },
    ticked(routeInputs.noteDecisions, option('yes', 'Record each decision there, too'), draft.noteDecisions),
  );
}

function ticked(id: string, only: PlainTextOption, isTicked: boolean): Checkboxes {
  return { type: 'checkboxes', action_id: id, options: [only], ...(isTicked ? { initial_options: [only] } : {}) };
}

/** The offer to post what is known already. */
export function catchUp(waiting: number, wished: boolean): KnownBlock[] {
  if (waiting === 0) return [];
  const what = waiting === 1 ? 'Also post the one that waits now' : `Also post the ${waiting} that wait now`;
  const hint = 'Without it only new and changed documents come.';
  return [
    field(
      routeInputs.catchUp,
      { label: 'Known already', hint },
      ticked(routeInputs.catchUp, option('yes', what), wished),
    ),
  ];
}
