import type { Knex } from 'knex';
import type { WorkspaceRoles } from './slack-roles.ts';

export interface AdminDeps {
  db: Knex;
  roles: WorkspaceRoles;
}

/**
 * Whether this person looks after the app in this installation: the installer, whoever was named, and Slack's workspace
 * admins and owners. To be asked at every action, for each of these can change at any time.
 */
export async function isAdmin({ db, roles }: AdminDeps, installationId: string, person: string): Promise<boolean> {
  const result = await db.raw<{ rows: [{ stored: boolean }] }>(
    `select exists (select 1 from installations where id = :installationId and installer_user_id = :person)
       or exists (select 1 from administrators where installation_id = :installationId and person = :person) as stored`,
    { installationId, person },
  );
  return result.rows[0].stored || roles.isWorkspaceAdmin(installationId, person);
}
