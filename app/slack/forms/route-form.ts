import type { KnownBlock, ModalView } from '@slack/types';
import type { ActionName } from '../../domain/document.ts';
import type { NamedConnection } from '../../setup/route-connections.ts';
import type { RouteDraft } from '../../setup/route-draft.ts';
import { context, type Line, lines } from '../home-parts.ts';
import { choice, option, plain, textField } from './route-fields.ts';
import { nameBlock, type RouteMetadata, routeActions, routeFormId, routeInputs } from './route-ids.ts';
import {
  actAs,
  catchUp,
  conditions,
  customFields,
  deciders,
  noteDecisions,
  onlyAsPerson,
  place,
} from './route-sections.ts';
import { severityConditions, severityShown } from './route-severity.ts';

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
    /** Whether people can link accounts of their own, so that it is a choice whose account acts. */
    linksAccounts: boolean;
    hasCustomFields: boolean;
    /** Whether nobody but the person themselves can act on this kind. */
    actsOnlyAsPerson: boolean;
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

/** The form for a route. At most 86 blocks: twenty tiers of people take two each. */
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
    ...(draft.kind === 'exception' ? severityConditions(draft) : []),
    ...conditions(draft),
    ...(chosen.kept.length > 0 ? [context(chosen.kept.join(' '))] : []),
    { type: 'header', text: plain('Where they go') },
    ...place(draft, { timeZone: chosen.timeZone, isEdited: form.metadata.route !== null }),
    ...(draft.kind === 'exception' ? severityShown(draft) : []),
    ...(chosen.hasCustomFields ? [customFields(draft)] : []),
    ...(chosen.actions.length > 0 ? deciding(chosen) : []),
    textField(
      routeInputs.burst,
      {
        label: 'One message instead of a flood',
        hint: 'More new cards than this at once become one message that lists them.',
        required: true,
      },
      draft.burst,
    ),
    ...catchUp(form.waiting, form.catchUp),
  ];
}

function deciding({ draft, actions, linksAccounts, actsOnlyAsPerson }: NonNullable<RouteForm['chosen']>): KnownBlock[] {
  return [
    { type: 'header', text: plain('Who decides') },
    ...deciders(draft, actions),
    ...(actsOnlyAsPerson ? [onlyAsPerson] : linksAccounts ? [actAs(draft)] : []),
    noteDecisions(draft),
  ];
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
