import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { recordEvents } from '../../app/audit/record.ts';
import type { WantedRoute } from '../../app/connections/apply/plan-routes.ts';
import { offeredFields } from '../../app/connections/learn-fields.ts';
import { isAdmin } from '../../app/people/admins.ts';
import { checkDraft, type Problems } from '../../app/setup/route-check.ts';
import { loadRouteConnection, type RouteConnection } from '../../app/setup/route-connections.ts';
import { hashOf, type RouteDraft } from '../../app/setup/route-draft.ts';
import { previewRoute } from '../../app/setup/route-preview.ts';
import { type Saved, saveRoute } from '../../app/setup/route-save.ts';
import { routeNotice } from '../../app/slack/forms/route-form.ts';
import { nameBlock, peopleBlock, routeInputs, upToBlock } from '../../app/slack/forms/route-ids.ts';
import { membershipLines, previewBlocks, warningBlocks } from '../../app/slack/forms/route-preview-blocks.ts';
import { type FilledForm, readRouteForm } from '../../app/slack/forms/route-values.ts';
import type { Line } from '../../app/slack/home-parts.ts';
import { askMembership } from '../../app/slack/membership.ts';
import { installationOf } from '../actions/home-click.ts';
import { notForYou } from '../actions/route-form-opened.ts';
import type { ListenerDeps } from '../deps.ts';
import { actsOnlyAsPerson, type RouteViewAsked, routeGone, routeView, titleOf } from './route-view.ts';

/** Slack waits three seconds for the answer; within this the ERP's list of fields is there, or they are taken as typed. */
const fieldsPatienceMs = 1_000;

/** Errors by input block, with the form to say them in where it has moved on; or what to show next. */
export type Answer = { errors: Record<string, string>; form: RouteViewAsked } | { view: ModalView };

export interface Submission {
  workspace: string;
  person: string;
  view: unknown;
  client: WebClient;
}

/** A filled form, checked anew in every part: who sends it, whose connection and route it names, and all that was typed. */
export async function submitRoute(deps: ListenerDeps, submission: Submission): Promise<Answer> {
  const { db } = deps;
  const { person } = submission;
  const installationId = await installationOf(db, submission.workspace);
  const filled = readRouteForm(submission.view);
  if (!installationId || !filled) return { view: routeGone };
  if (!(await isAdmin(deps, installationId, person))) {
    const refused = { kind: 'administration.refused', installationId, actor: person, data: { asked: 'save_route' } };
    await recordEvents(db, [refused]);
    return { view: notForYou };
  }
  const connection = filled.connection && (await loadRouteConnection(db, installationId, filled.connection));
  if (!connection) return { view: routeGone };
  const routes = connection.routes.filter(({ retired_at }) => retired_at === null);
  const { route: routeId, version, naming } = filled.metadata;
  const current = routes.find(({ id }) => id === routeId);
  if (routeId && !current) return { view: routeGone };
  const { draft, catchUp } = filled;
  const form: RouteViewAsked = {
    installationId,
    connectionId: connection.id,
    routeId,
    draft,
    version,
    naming,
    catchUp,
  };
  const checked = checkDraft(draft, {
    current,
    taken: new Set(routes.filter(({ id }) => id !== routeId).map(({ name }) => name)),
    position: current?.position ?? Math.max(0, ...routes.map(({ position }) => position)) + 1,
    title: titleOf(connection, draft.kind),
    fields: await fieldsOf(deps, connection, draft),
    actsOnlyAsPerson: actsOnlyAsPerson(connection, draft.kind),
  });
  if (checked.problems) return { errors: blocksOf(checked.problems, filled), form };
  const step: Step = { deps, submission, installationId, connection, filled, form, wanted: checked.wanted };
  return filled.metadata.previewed === hashOf(connection.id, checked.wanted) ? save(step) : preview(step);
}

/** Asked for only where some are chosen that the route does not have yet: it may show one that is gone. */
function fieldsOf({ db }: ListenerDeps, { id, hasCustomFields }: RouteConnection, { kind, customFields }: RouteDraft) {
  return hasCustomFields && customFields.length > 0 ? offeredFields(db, id, kind, fieldsPatienceMs) : null;
}

interface Step {
  deps: ListenerDeps;
  submission: Submission;
  installationId: string;
  connection: RouteConnection;
  filled: FilledForm;
  form: RouteViewAsked;
  wanted: WantedRoute;
}

async function preview({ deps, submission, installationId, connection, filled, form, wanted }: Step): Promise<Answer> {
  const { route: routeId, naming } = filled.metadata;
  const [counted, membership, locale] = await Promise.all([
    previewRoute(deps.db, { installationId, connection, wanted, routeId }),
    askMembership(submission.client, wanted.channel),
    deps.locales.localeOf(installationId, submission.person),
  ]);
  const shown = {
    preview: counted,
    what: titleOf(connection, wanted.kind),
    inDigests: Boolean(wanted.digest),
    place: wanted.channel,
    membership,
    locale,
  };
  const isProposed = filled.draft.name.trim() !== wanted.name;
  const view = await routeView(deps.db, {
    ...form,
    draft: { ...filled.draft, name: wanted.name },
    naming: isProposed ? naming + 1 : naming,
    previewed: hashOf(connection.id, wanted),
    below: previewBlocks(shown),
    waiting: counted.waiting,
    submit: 'Save',
  });
  return { view };
}

async function save({ deps, submission, installationId, connection, filled, form, wanted }: Step): Promise<Answer> {
  const { route: routeId, version } = filled.metadata;
  const saved = await saveRoute(deps.db, {
    ...{ installationId, connectionId: connection.id, routeId, version, wanted },
    actor: submission.person,
    catchUp: filled.catchUp,
  });
  switch (saved.outcome) {
    case 'gone':
      return { view: routeGone };
    case 'name_taken': {
      const name = 'A route of this connection has this name, in force or retired. Choose another one.';
      return { errors: blocksOf({ name }, filled), form };
    }
    case 'newer': {
      const previewed = hashOf(connection.id, wanted);
      const below = warningBlocks(newerLines(saved));
      return {
        view: await routeView(deps.db, {
          ...form,
          version: saved.version,
          previewed,
          below,
          submit: 'Save all the same',
        }),
      };
    }
    case 'saved':
      return { view: await savedView(submission.client, wanted, filled.catchUp) };
  }
}

async function savedView(client: WebClient, wanted: WantedRoute, catchUp: boolean): Promise<ModalView> {
  const what = wanted.digest ? 'Digests go to ' : 'Cards go to ';
  const known = catchUp ? ' What waits now comes, too.' : '';
  return routeNotice('Saved', [
    [{ bold: `The route “${wanted.name}” is in force.` }],
    [what, { channel: wanted.channel }, `.${known}`],
    ...membershipLines(wanted.channel, await askMembership(client, wanted.channel)),
  ]);
}

function newerLines({ who, at, changes }: Extract<Saved, { outcome: 'newer' }>): Line[] {
  const person: Line = !who ? ['Somebody'] : /^[UW][A-Z0-9]+$/.test(who) ? [{ person: who }] : [`The ${who}`];
  return [
    [...person, ' changed this route while you had it open', ...(at ? [', ', { instant: at.toISOString() }] : []), '.'],
    ...changes.map((change): Line => [change]),
    [
      'Nothing of yours is saved yet, and all that you typed is still here. Saved now, it takes the place of that change.',
    ],
  ];
}

/** By the block that holds the field. */
function blocksOf(problems: Problems, { metadata }: FilledForm): Record<string, string> {
  return Object.fromEntries(
    (Object.entries(problems) as Array<[string, string]>).map(([field, text]): [string, string] => {
      const [name, tier] = field.split('.');
      if (name === 'people' && tier) return [peopleBlock(Number(tier)), text];
      if (name === 'upTo' && tier) return [upToBlock(Number(tier)), text];
      if (name === 'name') return [nameBlock(metadata.naming), text];
      return [routeInputs[name as keyof typeof routeInputs] ?? field, text];
    }),
  );
}
