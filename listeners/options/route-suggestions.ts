import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import { isAdmin } from '../../app/people/admins.ts';
import { suggestFields } from '../../app/setup/field-choices.ts';
import { type Choice, suggestValues } from '../../app/setup/route-choices.ts';
import { findConnections, loadRouteConnection } from '../../app/setup/route-connections.ts';
import { type ListedCondition, listedConditions } from '../../app/setup/route-draft.ts';
import { option } from '../../app/slack/forms/route-fields.ts';
import { routeActions, routeInputs } from '../../app/slack/forms/route-ids.ts';
import { readRouteForm } from '../../app/slack/forms/route-values.ts';
import { installationOf } from '../actions/home-click.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';

/** Slack takes 100 options within three seconds; none is an answer, too. */
const optionsMost = 100;
const answerWithinMs = 2_200;

/** What a select of the route form can offer, for what was typed into it so far. Nothing for those who may not see it. */
export function routeSuggestionsAsked(deps: ListenerDeps) {
  return async ({
    ack,
    body,
    context,
    payload,
  }: SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs): Promise<void> => {
    const asked = {
      workspace: workspaceOf(context),
      person: body.user.id,
      view: body.view,
      typed: payload.value.slice(0, 100),
    };
    const choices = await Promise.race([suggest(deps, payload.action_id, asked), sleep(answerWithinMs, [])]);
    await ack({ options: choices.slice(0, optionsMost).map(({ value, label }) => option(value, label)) });
  };
}

async function suggest(
  deps: ListenerDeps,
  actionId: string,
  { workspace, person, view, typed }: { workspace: string; person: string; view: unknown; typed: string },
): Promise<Choice[]> {
  const { db, log } = deps;
  try {
    const filled = readRouteForm(view);
    const installationId = await installationOf(db, workspace);
    if (!filled || !installationId || !(await isAdmin(deps, installationId, person))) return [];
    if (actionId === routeActions.connection) {
      const found = await findConnections(db, installationId, optionsMost, typed);
      return found.map(({ id, name }) => ({ value: id, label: name }));
    }
    if (actionId === routeInputs.customFields)
      return filled.connection
        ? await suggestFields(db, installationId, filled.connection, filled.draft.kind, typed)
        : [];
    const list = listedConditions.find((each): each is ListedCondition => routeInputs[each] === actionId);
    const connection = filled.connection && (await loadRouteConnection(db, installationId, filled.connection));
    return list && connection ? await suggestValues(db, connection, { kind: filled.draft.kind, list, typed }) : [];
  } catch (error) {
    log.warn('no suggestions', { error });
    return [];
  }
}
