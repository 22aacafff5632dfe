import type { AllMiddlewareArgs, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { type Asked, listPeople } from '../../app/home/people.ts';
import { wantMatching } from '../../app/people/run.ts';
import { matchByEmailAgain } from '../../app/people/set-by-hand.ts';
import {
  changedChoices,
  type FormValues,
  longestQuery,
  type PeopleMetadata,
  readPeopleMetadata,
} from '../../app/slack/forms/people-metadata.ts';
import { peopleView } from '../../app/slack/forms/people-view.ts';
import {
  connectionGone,
  failed,
  formOutdated,
  onlyAdministrators,
  plainView,
} from '../../app/slack/forms/plain-view.ts';
import type { Line } from '../../app/slack/home-parts.ts';
import { administrates } from '../administrates.ts';
import { erpTitle } from '../commands/call.ts';
import { installUrlOf, type ListenerDeps, workspaceOf } from '../deps.ts';
import { openAndFillIn } from './open-form.ts';

const title = 'People';
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The button in Home: the form with those of a connection who are not matched. */
export function peopleClicked(deps: ListenerDeps) {
  return openAndFillIn(deps, title, async ({ workspace, person, value }) => {
    const installationId = await administrates(deps, { workspace, person, asked: 'match people' });
    if (!installationId) return plainView(title, onlyAdministrators);
    return draw(deps, { installationId, connectionId: value, show: 'unmatched', query: '', page: 0 });
  });
}

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  view: z.object({
    id: z.string().min(1),
    hash: z.string(),
    type: z.literal('modal'),
    private_metadata: z.string(),
    state: z.object({ values: z.custom<FormValues>((values) => typeof values === 'object' && values !== null) }),
  }),
  actions: z.array(z.object({ value: z.string().max(2_000).nullish() })).min(1),
});

/** What somebody does in the form before they save: what is looked at next, and what is said of it. */
type Step = (
  owner: Owner,
  at: PeopleMetadata,
  value: string,
) => Promise<{ at: Partial<PeopleMetadata>; notice?: Line[] }>;
interface Owner {
  installationId: string;
  connectionId: string;
  actor: string;
}

const steps = {
  show: async (_owner, _at, value) => ({ at: { show: value === 'all' ? 'all' : 'unmatched', query: '', page: 0 } }),
  search: async (_owner, _at, value) => ({ at: { query: value.trim().slice(0, longestQuery), page: 0 } }),
  page: async (_owner, _at, value) => ({ at: { page: /^\d{1,5}$/.test(value) ? Number(value) : 0 } }),
} satisfies Record<string, Step>;

/** What is asked of the database besides. */
function actingSteps({ db }: ListenerDeps) {
  return {
    again: async ({ installationId, connectionId }, at) => {
      const list = await listPeople(db, askedOf(installationId, at));
      if (list && !list.isRunning) await wantMatching(db, connectionId);
      return { at: {} };
    },
    byEmail: async (owner, _at, value) => {
      const done = /^\d{1,18}$/.test(value) && (await matchByEmailAgain(db, owner, value));
      return { at: {}, notice: done ? [['Taken back: the e-mail says again who this is, in a moment.']] : [] };
    },
  } satisfies Record<string, Step>;
}

export type PeopleStep = keyof typeof steps | keyof ReturnType<typeof actingSteps>;

/** Everything in the form but Save: acknowledged first, then the form is drawn anew. What is chosen and not saved stays. */
export function peopleStepped(deps: ListenerDeps, name: PeopleStep) {
  const step: Step = { ...steps, ...actingSteps(deps) }[name];
  return async ({ ack, body, client, context }: SlackActionMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    await ack();
    const click = clickSchema.safeParse(body).data;
    if (!click) return;
    const next = redraw(deps, step, { ...click, workspace: workspaceOf(context) }).catch((error) => {
      deps.log.error('the People form was not drawn anew', { step: name, error });
      return plainView(title, failed);
    });
    // A form that has been drawn anew meanwhile, or closed, is left as it is.
    const { id, hash } = click.view;
    deps.later(next.then((view) => client.views.update({ view_id: id, hash, view })).then(() => undefined));
  };
}

type Click = z.output<typeof clickSchema> & { workspace: string };

async function redraw(deps: ListenerDeps, step: Step, { user, view, actions, workspace }: Click): Promise<ModalView> {
  const at = readPeopleMetadata(view.private_metadata);
  if (!at) return plainView(title, formOutdated);
  const installationId = await administrates(deps, { workspace, person: user.id, asked: 'match people' });
  if (!installationId) return plainView(title, onlyAdministrators);
  const list = askedOf(installationId, at);
  if (changedChoices(at, view.state.values).length > 0) return draw(deps, list, unsaved);
  const owner = { installationId, connectionId: at.connection, actor: user.id };
  const { at: next, notice } = await step(owner, at, actions[0]?.value ?? '');
  return draw(deps, askedOf(installationId, { ...at, ...next }), notice);
}

const unsaved: Line[] = [[{ bold: 'Save what you chose here first, or take it back; then go on.' }]];

function askedOf(installationId: string, { connection, show, query, page }: PeopleMetadata): Asked {
  return { installationId, connectionId: connection, show, query, page };
}

async function draw({ db, publicUrl }: ListenerDeps, asked: Asked, notice: Line[] = []): Promise<ModalView> {
  const list = uuid.test(asked.connectionId) ? await listPeople(db, asked) : undefined;
  if (!list) return plainView(title, connectionGone);
  return peopleView(list, { erp: erpTitle(list.connection.connector), installUrl: installUrlOf(publicUrl), notice });
}
