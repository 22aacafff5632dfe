import { expect } from 'chai';
import { createWorkspaceRoles } from '../../app/people/slack-roles.ts';

type Info = { locale?: string; is_admin?: boolean };

/** A Slack that answers users.info as told, and notes what it was asked. */
function slackOf(answer: (person: string) => Promise<Info>) {
  const asked: object[] = [];
  const info = async (question: { user: string }) => {
    asked.push(question);
    return { ok: true, user: await answer(question.user) };
  };
  return { asked, clients: { of: async () => ({ users: { info } }) as never } };
}

describe('how a person writes amounts and dates', () => {
  it('is asked of Slack once an hour, together with what the person is there', async () => {
    let now = 0;
    const slack = slackOf(async () => ({ locale: 'de-DE', is_admin: true }));
    const people = createWorkspaceRoles(slack.clients, () => now);
    expect(await people.isWorkspaceAdmin('one', 'U0ONE')).to.equal(true);
    expect(await people.localeOf('one', 'U0ONE')).to.equal('de-DE');
    now = 3_599_999;
    expect(await people.localeOf('one', 'U0ONE')).to.equal('de-DE');
    expect(slack.asked).to.deep.equal([{ user: 'U0ONE', include_locale: true }]);
    now = 3_600_000;
    await people.localeOf('one', 'U0ONE');
    await people.localeOf('other', 'U0ONE');
    expect(slack.asked).to.have.length(3);
  });

  for (const [what, locale] of [
    ['nothing', undefined],
    ['an unknown language', 'xx-YY'],
    ['no tag at all', '<!channel>'],
    ['very much', 'de-'.repeat(500)],
  ] as const) {
    it(`is en-GB where Slack says ${what}`, async () => {
      const slack = slackOf(async () => (locale === undefined ? {} : { locale }));
      expect(await createWorkspaceRoles(slack.clients).localeOf('one', 'U0ONE')).to.equal('en-GB');
    });
  }

  it('is what was known before, else en-GB, where Slack cannot be asked, which is not tried again at once', async () => {
    let now = 0;
    let works = true;
    const slack = slackOf(async () => {
      if (!works) throw new Error('ratelimited');
      return { locale: 'fr-FR' };
    });
    const people = createWorkspaceRoles(slack.clients, () => now);
    await people.localeOf('one', 'U0KNOWN');
    works = false;
    now = 4_000_000;
    expect(await people.localeOf('one', 'U0KNOWN')).to.equal('fr-FR');
    expect(await people.localeOf('one', 'U0NEW')).to.equal('en-GB');
    await people.localeOf('one', 'U0NEW');
    expect(slack.asked).to.have.length(3);
    works = true;
    now += 30_000;
    expect(await people.localeOf('one', 'U0NEW')).to.equal('fr-FR');
  });

  it('is waited for no longer than told, and known the next time', async () => {
    let answered: (info: Info) => void = () => undefined;
    const slack = slackOf(() => new Promise((resolve) => (answered = resolve)));
    const people = createWorkspaceRoles(slack.clients, Date.now, 20);
    const [one, two] = await Promise.all([people.localeOf('one', 'U0ONE'), people.localeOf('one', 'U0ONE')]);
    expect([one, two]).to.deep.equal(['en-GB', 'en-GB']);
    answered({ locale: 'sv-SE' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await people.localeOf('one', 'U0ONE')).to.equal('sv-SE');
    expect(slack.asked).to.have.length(1);
  });
});
