import { wake } from '../../queue/wake.ts';
import { readFieldsAnew } from '../custom-fields.ts';
import { type Change, differences, event } from './changes.ts';
import type { CurrentConnection, CurrentRoute } from './current.ts';
import type { DesiredRoute } from './file.ts';

type Subject = Pick<CurrentConnection, 'id' | 'name' | 'routes'>;

/** A route as a file or a form wants it, with its place among the others. */
export interface WantedRoute extends DesiredRoute {
  position: number;
}

/** Routes to add, change, take up again and retire, so that the connection has those of the file in their order. */
export function planRoutes(connection: Subject, desired: readonly DesiredRoute[]): Change[] {
  const names = new Set(desired.map(({ name }) => name));
  const left = connection.routes.filter(({ name, retired_at }) => !names.has(name) && retired_at === null);
  return [
    ...desired.flatMap((route, index) => {
      const current = connection.routes.find(({ name }) => name === route.name);
      return planRoute(connection, current, { ...route, position: index + 1 });
    }),
    ...left.map((route) => planRetired(connection, route)),
  ];
}

/** What brings `current`, retired or not there as it may be, to what is wanted; nothing where that is so already. */
export function planRoute(
  connection: Omit<Subject, 'routes'>,
  current: CurrentRoute | undefined,
  route: WantedRoute,
  setUpBy?: string,
): Change[] {
  const { when: conditions, digest: digest_cadence, ...rest } = route;
  const row = {
    ...rest,
    digest_cadence,
    conditions,
    deciders: JSON.stringify(route.deciders),
    retired_at: null,
    ...(setUpBy === undefined ? {} : { set_up_by: setUpBy }),
  };
  const title = `route ${current?.name ?? route.name} of ${connection.name}`;
  if (!current) {
    const lines = [`add ${title}: ${route.kind} to ${route.channel}`];
    const run: Change['run'] = (trx) => trx('routes').insert({ connection_id: connection.id, ...row });
    return [{ lines, event: event('route.added', connection.id, route.name, lines), run }];
  }
  const before = words({ ...current, when: current.conditions, digest: current.digest_cadence });
  const changed = differences(before, words(route));
  const restored = current.retired_at !== null;
  const lines = [
    ...(restored ? [`take up ${title} again`] : []),
    ...changed.map((difference) => `change ${title}: ${difference}`),
  ];
  if (lines.length === 0) return [];
  return [
    {
      lines,
      event: event(restored ? 'route.restored' : 'route.changed', connection.id, route.name, lines),
      run: async (trx) => {
        await trx('routes').where({ id: current.id }).update(row);
        const came = route.custom_fields.some((name) => !current.custom_fields.includes(name));
        if (came || restored) await readFieldsAnew(trx, current.id);
        await wake(trx, 'redraw-route', current.id);
      },
    },
  ];
}

/** A route that is no longer wanted: nothing new comes by it, and its cards stay, without their buttons. */
export function planRetired(connection: Omit<Subject, 'routes'>, route: Pick<CurrentRoute, 'id' | 'name'>): Change {
  const lines = [`retire route ${route.name} of ${connection.name}`];
  return {
    lines,
    event: event('route.retired', connection.id, route.name, lines),
    run: async (trx) => {
      await trx('routes').where({ id: route.id }).update({ retired_at: trx.fn.now() });
      await wake(trx, 'redraw-route', route.id);
    },
  };
}

/** A route in the words of the file. */
function words(route: WantedRoute): Record<string, unknown> {
  const { amountAtLeast, amountBelow, ...conditions } = route.when;
  const { name, kind, channel, actions, mentions, burst, digest, note_decisions, act_as, position } = route;
  const { custom_fields, severity } = route;
  const deciders = route.deciders.map(({ user, upTo }) =>
    upTo ? `${user} up to ${upTo.value} ${upTo.currency}` : user,
  );
  return {
    ...{ name, position, kind, amount_at_least: amountAtLeast, amount_below: amountBelow, ...conditions },
    ...{ channel, deciders, actions, mentions, burst, digest, note_decisions: note_decisions ? 'yes' : 'no', act_as },
    severity,
    custom_fields,
  };
}
