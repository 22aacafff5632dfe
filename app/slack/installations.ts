import { randomUUID } from 'node:crypto';
import type { Installation, InstallationQuery, InstallationStore } from '@slack/oauth';
import type { Knex } from 'knex';
import type { Logger } from 'winston';
import { recordEvents } from '../audit/record.ts';
import { wake } from '../queue/wake.ts';
import type { Keyring } from '../storage/keyring.ts';
import { createRenewal } from './install-renewal.ts';
import type { TokenRefresh } from './install-tokens.ts';

/** Workspaces that installed the app: Bolt's installation store, and what the jobs ask of it. */
export interface Installations extends InstallationStore {
  /** The bot token of an active installation. */
  botToken(installationId: string): Promise<string | undefined>;
  /** Our id for what a Slack payload names. */
  idOf(query: {
    teamId?: string | undefined;
    enterpriseId?: string | undefined;
    isEnterpriseInstall?: boolean;
  }): Promise<string | undefined>;
  /**
   * Access has ended. `at` is when Slack said so: news that is older than the last install is about the one before and
   * is ignored. Cards wait in their rows until the app is installed again.
   */
  end(installationId: string, state: 'uninstalled' | 'revoked', reason: string, at: Date): Promise<boolean>;
  /** Once no token is being renewed: before the database is closed. */
  settled(): Promise<void>;
}

interface Known {
  id: string;
  installation: Installation;
}

const keepMs = 10_000;
const keepMost = 5_000;

/**
 * Keeps what it read for ten seconds, forgets it at once when it changed here, and never keeps a "not found". With
 * `rotation` it renews tokens that run out; without, as for a look from the command line, it leaves them alone.
 */
export function createInstallations(
  db: Knex,
  keyring: Keyring,
  now: () => number = Date.now,
  rotation?: { refresh: TokenRefresh; log: Logger },
): Installations {
  const kept = new Map<string, { until: number; value: Promise<Known | undefined> }>();
  const renewal = rotation && createRenewal({ db, keyring, now, ...rotation, onRenewed: () => kept.clear() });

  function remember(key: string, load: () => Promise<Known | undefined>): Promise<Known | undefined> {
    const known = kept.get(key);
    if (known && known.until > now()) return known.value;
    if (kept.size >= keepMost) kept.clear();
    const value = load();
    kept.set(key, { until: now() + keepMs, value });
    value.then(
      (known) => known ?? kept.delete(key),
      () => kept.delete(key),
    );
    return value;
  }

  async function loadBy(where: Partial<Record<'id' | 'slack_key', string>>): Promise<Known | undefined> {
    const row = await db('installations')
      .where({ ...where, state: 'active' })
      .first('id', 'secret');
    return (
      row && { id: row.id, installation: JSON.parse(keyring.decrypt(row.secret, `installations:${row.id}:secret`)) }
    );
  }

  async function find(where: Partial<Record<'id' | 'slack_key', string>>): Promise<Installation | undefined> {
    const known = await remember(JSON.stringify(where), () => loadBy(where));
    return known && renewal ? renewal.fresh(known.id, known.installation) : known?.installation;
  }

  return {
    async storeInstallation(installation) {
      await storeInstallation(db, keyring, installation as Installation);
      kept.clear();
    },

    async fetchInstallation(query) {
      const installation = await find({ slack_key: keyOfQuery(query) });
      if (!installation) throw new Error('The app is not installed in this workspace (any more).');
      return installation as Installation<'v2', boolean>;
    },

    async deleteInstallation(query) {
      const row = await db('installations')
        .where({ slack_key: keyOfQuery(query) })
        .first('id');
      if (row) await this.end(row.id, 'uninstalled', 'removed in Slack', new Date(now()));
    },

    async botToken(installationId) {
      const installation = await find({ id: installationId });
      return installation?.bot?.token;
    },

    async idOf({ teamId, enterpriseId, isEnterpriseInstall }) {
      const key = isEnterpriseInstall ? enterpriseId : teamId;
      const row = key ? await db('installations').where({ slack_key: key }).first('id') : undefined;
      return row?.id;
    },

    async end(installationId, state, reason, at) {
      const ended = await db.transaction(async (trx) => {
        const count = await trx('installations')
          .where({ id: installationId })
          .whereIn('state', state === 'uninstalled' ? ['active', 'revoked'] : ['active'])
          .where('installed_at', '<=', at)
          .update({ state, state_reason: reason, changed_at: trx.fn.now() });
        if (count > 0) await recordEvents(trx, [{ kind: `installation.${state}`, installationId, data: { reason } }]);
        return count > 0;
      });
      kept.clear();
      return ended;
    },

    async settled() {
      await renewal?.settled();
    },
  };
}

function keyOfQuery({ isEnterpriseInstall, enterpriseId, teamId }: InstallationQuery<boolean>): string {
  return (isEnterpriseInstall ? enterpriseId : teamId) ?? '';
}

/** Adds or renews an installation; what waited for it goes on. */
async function storeInstallation(db: Knex, keyring: Keyring, installation: Installation): Promise<void> {
  const isEnterpriseInstall = installation.isEnterpriseInstall ?? false;
  const slackKey = isEnterpriseInstall ? installation.enterprise?.id : installation.team?.id;
  if (!slackKey || !installation.bot)
    throw new Error('Slack’s answer to the installation names no workspace or no bot.');
  await db.transaction(async (trx) => {
    const known = await trx('installations').where({ slack_key: slackKey }).forUpdate().first('id');
    const id = known?.id ?? randomUUID();
    const row = {
      id,
      slack_key: slackKey,
      team_id: installation.team?.id ?? null,
      enterprise_id: installation.enterprise?.id ?? null,
      is_enterprise_install: isEnterpriseInstall,
      name: installation.team?.name ?? installation.enterprise?.name ?? slackKey,
      app_id: installation.appId ?? null,
      bot_user_id: installation.bot?.userId ?? null,
      bot_id: installation.bot?.id ?? null,
      installer_user_id: installation.user.id,
      scopes: installation.bot?.scopes ?? [],
      secret: keyring.encrypt(JSON.stringify(installation), `installations:${id}:secret`),
      state: 'active',
      state_reason: null,
      installed_at: trx.fn.now(),
      changed_at: trx.fn.now(),
    };
    await trx('installations').insert(row).onConflict('slack_key').merge();
    await recordEvents(trx, [
      {
        kind: known ? 'installation.renewed' : 'installation.added',
        installationId: id,
        actor: installation.user.id,
        data: { scopes: row.scopes },
      },
    ]);
    const lanes = await trx('lanes')
      .where({ installation_id: id })
      .update({ next_attempt_at: '-infinity' })
      .returning('id');
    await wake(
      trx,
      'deliver-lane',
      lanes.map((lane) => String(lane.id)),
    );
    await wake(trx, 'tell', `installed/${id}`);
    await trx.raw(`select pg_notify('countersign_schedule', '')`);
  });
}
