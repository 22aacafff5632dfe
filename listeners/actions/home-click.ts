import type { Context } from '@slack/bolt';
import { z } from 'zod';
import { actInHome, type HomeAct } from '../../app/home/row.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';

const clickSchema = z.object({
  user: z.object({ id: z.string().min(1) }),
  trigger_id: z.string(),
  view: z.object({ id: z.string().min(1), type: z.literal('home') }),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string().max(2_000).optional() }))
    .min(1),
});

/** A click in somebody's Home, from a payload whose signature has been checked. */
export interface HomeClick {
  clickKey: string;
  workspace: string;
  person: string;
  triggerId: string;
  value: string;
}

/** Undefined where the payload is no click in a Home. */
export function readHomeClick(body: unknown, context: Context): HomeClick | undefined {
  const parsed = clickSchema.safeParse(body);
  const action = parsed.data?.actions[0];
  if (!parsed.success || !action) return undefined;
  const { user, view, trigger_id } = parsed.data;
  const workspace = workspaceOf(context);
  return {
    clickKey: [workspace, view.id, action.action_id, user.id, action.action_ts].join(':'),
    workspace,
    person: user.id,
    triggerId: trigger_id,
    value: action.value ?? '',
  };
}

/** Shows a person at once, in their Home, what came of their click. */
export async function answerInHome(
  { db }: Pick<ListenerDeps, 'db'>,
  { workspace, person }: Pick<HomeClick, 'workspace' | 'person'>,
  act: HomeAct = {},
): Promise<void> {
  const installationId = await installationOf(db, workspace);
  if (installationId) await actInHome(db, { installationId, person }, act);
}

export async function installationOf(db: ListenerDeps['db'], workspace: string): Promise<string | undefined> {
  const row = await db('installations').where({ slack_key: workspace, state: 'active' }).first('id');
  return row?.id;
}

export const notOursInHome =
  'That button belongs to a document that this app does not know any more, so nothing was done. Look at the list as it is now.';
