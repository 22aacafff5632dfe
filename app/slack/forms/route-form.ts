import type { Checkboxes, KnownBlock, ModalView } from '@slack/types';
import type { ActionName } from '../../domain/document.ts';
import { cadencePresets } from '../../setup/cadences.ts';
import type { NamedConnection } from '../../setup/route-connections.ts';
import { limitsMost, type RouteDraft } from '../../setup/route-draft.ts';
import { actions, context, type Line, lines, plainButton } from '../home-parts.ts';
import { choice, field, option, peopleField, plain, suggestedField, textField } from './route-fields.ts';
import {
  nameBlock,
  peopleBlock,
  type RouteMetadata,
  routeActions,
  routeFormId,
  routeInputs,
  upToBlock,
} from './route-ids.ts';

/** All that the form shows, as plain data. */
export interface RouteForm {
  metadata: RouteMetadata;
  /** Those to choose from; more than a hundred are looked for by name. Null: there is nothing to choose. */
  connections: { all: NamedConnection[] } | { search: true } | null;
  /** Null: the connection is to be chosen first. */
  chosen: {
    connection: NamedConnection;
    timeZone: string;
    kinds: Array<{ kind: string; title: string }>;
    actions: readonly ActionName[];
    draft: RouteDraft;
    /** What the form cannot show and keeps, in words. */
    kept: string[];
  } | null;
  /** What would have matched, or why it was not saved; below the last field, above the button. */
  below: KnownBlock[];
  /** How many wait now; with it the form offers to post them too. */
  waiting: number;
  catchUp: boolean;
  submit: 'Preview' | 'Save' | 'Save all the same';
}

export const labels: Record<ActionName, string> = {
  approve: 'Approve',
  reject: 'Reject (asks for a reason)',
  release: 'Release',
  hold: 'Put on hold',
};

/** The form for a route. At most 85 blocks: twenty tiers of people take two each. */
export function routeFormView(form: RouteForm): ModalView {
  const { metadata, chosen } = form;
  return {
    type: 'modal',
    callback_id: routeFormId,
    private_metadata: JSON.stringify(metadata),
    title: { type: 'plain_text', text: metadata.route ? 'Edit a route' : 'Add a route' },
    close: { type: 'plain_text', text: 'Cancel' },
    ...(chosen ? { submit: { type: 'plain_text' as const, text: form.submit } } : {}),
    blocks: [...connectionBlocks(form), ...(chosen ? fields(form, chosen) : []), ...form.below],
  };
}

function connectionBlocks({ connections, chosen, metadata }: RouteForm): KnownBlock[] {
  const id = routeActions.connection;
  const words = 'Which connection?';
  if (!connections) return chosen ? [context(`Documents of the connection “${chosen.connection.name}”.`)] : [];
  if ('all' in connections) {
    const options = connections.all.map(({ id: value, name }) => option(value, name));
    return [choice(id, words, options, metadata.connection)];
  }
  const initial = chosen ? { initial_option: option(chosen.connection.id, chosen.connection.name) } : {};
  const placeholder = plain('Type a part of its name');
  return [
    {
      type: 'section',
      block_id: id,
      text: plain(words),
      accessory: { type: 'external_select', action_id: id, min_query_length: 0, placeholder, ...initial },
    },
  ];
}

function fields(form: RouteForm, chosen: NonNullable<RouteForm['chosen']>): KnownBlock[] {
  const { draft } = chosen;
  const kinds = chosen.kinds.map(({ kind, title }) => option(kind, title));
  return [
    ...(kinds.length > 1 ? [choice(routeActions.kind, 'Which documents?', kinds, draft.kind)] : []),
    textField(
      routeInputs.name,
      { label: 'Name', hint: 'Empty: named after its conditions.', blockId: nameBlock(form.metadata.naming) },
      draft.name,
    ),
    { type: 'header', text: plain('Which of them') },
    ...conditions(draft),
    ...(chosen.kept.length > 0 ? [context(chosen.kept.join(' '))] : []),
    { type: 'header', text: plain('Where they go') },
    ...place(form, draft, chosen.timeZone),
    { type: 'header', text: plain('Who decides') },
    ...deciders(draft, chosen.actions),
    textField(
      routeInputs.burst,
      {
        label: 'One message instead of a flood',
        hint: 'More new cards than this at once become one message that lists them.',
        required: true,
      },
      draft.burst,
    ),
    ...catchUp(form),
  ];
}

function conditions(draft: RouteDraft): KnownBlock[] {
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
      { label: 'Vendors', hint: 'By code or name; type one that no document has shown yet.' },
      draft.vendors,
    ),
    suggestedField(routeInputs.branches, { label: 'Companies or branches' }, draft.branches),
    suggestedField(routeInputs.statuses, { label: 'States' }, draft.statuses),
    suggestedField(routeInputs.types, { label: 'Types' }, draft.types),
  ];
}

function place({ metadata }: RouteForm, draft: RouteDraft, timeZone: string): KnownBlock[] {
  const stays = metadata.route ? ' With neither, the route keeps the place that it has.' : '';
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

function deciders(draft: RouteDraft, offered: readonly ActionName[]): KnownBlock[] {
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

function catchUp({ waiting, catchUp: wished }: RouteForm): KnownBlock[] {
  if (waiting === 0) return [];
  const what = waiting === 1 ? 'Also post the one that waits now' : `Also post the ${waiting} that wait now`;
  const only = option('yes', what);
  const element: Checkboxes = {
    type: 'checkboxes',
    action_id: routeInputs.catchUp,
    options: [only],
    ...(wished ? { initial_options: [only] } : {}),
  };
  const hint = 'Without it only new and changed documents come.';
  return [field(routeInputs.catchUp, { label: 'Known already', hint }, element)];
}

/** A form that only says something. */
export function routeNotice(title: string, text: Line[], metadata?: RouteMetadata): ModalView {
  return {
    type: 'modal',
    callback_id: routeFormId,
    ...(metadata ? { private_metadata: JSON.stringify(metadata) } : {}),
    title: { type: 'plain_text', text: title },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [lines(text)],
  };
}
