import { NextStepError } from '../../app/domain/errors.ts';
import type { Directory, Standing } from '../../app/people/directory.ts';

const refusals: Record<Exclude<Standing, 'member'>, (name: string) => string> = {
  guest: (name) => `${name} is a guest here. Choose a member of the workspace.`,
  bot: (name) => `${name} is an app or a bot. Choose a person.`,
  stranger: (name) => `${name} belongs to another company. Choose a member of this workspace.`,
  gone: (name) => `The account of ${name} is switched off. Choose somebody else.`,
};

/** Why some of these accounts may not be chosen, by account: only members of the workspace may. */
export async function refusedAccounts(
  directory: Directory,
  installationId: string,
  accounts: Iterable<string>,
): Promise<Map<string, string>> {
  const asked = [...new Set(accounts)].map(async (account): Promise<[string, string] | undefined> => {
    try {
      const person = await directory.one(installationId, account);
      if (!person) return [account, 'Slack does not know this account. Choose somebody else.'];
      return person.standing === 'member' ? undefined : [account, refusals[person.standing](person.name)];
    } catch (error) {
      if (!(error instanceof NextStepError)) throw error;
      return [account, `Slack did not say who this is, so nothing was saved. ${error.message} Press Save again.`];
    }
  });
  return new Map((await Promise.all(asked)).filter((refusal) => refusal !== undefined));
}
