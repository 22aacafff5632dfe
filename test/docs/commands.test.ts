import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Command } from 'commander';
import { settingNames } from '../../app/settings.ts';
import { connectors } from '../../connectors/index.ts';
import { readPages, root } from './pages.ts';

type Made = Record<string, (known: typeof connectors) => Command>;

/** Each command with its options, as the command line itself lists them; a family by its members. */
async function optionsByCommand(): Promise<Map<string, string[]>> {
  const help = await promisify(execFile)(process.execPath, ['cli/index.ts', '--help'], { cwd: root });
  const listed = [...(help.stdout.split(/^Commands:$/m)[1] ?? '').matchAll(/^ {2}([a-z]+)\b/gm)];
  const found = new Map<string, string[]>();
  for (const name of listed.map((match) => match[1] ?? '').filter((each) => each !== 'help')) {
    const made: Made = await import(`../../cli/commands/${name}.ts`);
    const command = made[`${name}Command`]?.(connectors);
    if (!command) throw new Error(`cli/commands/${name}.ts makes no command`);
    const members = command.commands.map((member): [string, Command] => [`${name} ${member.name()}`, member]);
    for (const [full, each] of members.length > 0 ? members : [[name, command] as const]) {
      found.set(
        full,
        each.options.map(({ long }) => long ?? ''),
      );
    }
  }
  return found;
}

describe('the commands and settings in the documentation', () => {
  it('are scripts of package.json', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
    for (const { path, text } of await readPages()) {
      for (const [, script] of text.matchAll(/npm run ([a-z:]+)/g))
        expect(scripts, path).to.have.property(script ?? '');
    }
  });

  it('are the commands that the command line has, with their options', async () => {
    const [readme] = await readPages();
    const rows = [...(readme?.text ?? '').matchAll(/^\| `npm run countersign -- ([^`]+)` \|/gm)];
    const documented = new Map(rows.map(([, row = '']) => [row.replace(/ (\[|[A-Z]).*$/, ''), row]));
    const known = await optionsByCommand();
    expect([...documented.keys()].sort()).to.deep.equal([...known.keys()].sort());
    for (const [command, options] of known) {
      const named = [...(documented.get(command) ?? '').matchAll(/--[a-z-]+/g)].map(([option]) => option);
      expect(named.sort(), command).to.deep.equal(options.sort());
    }
  });

  it('are settings that the app knows', async () => {
    const prefixed = /\b(?:SLACK|ERP)_[A-Z_]+\b|\b[A-Z]+_(?:URL|DIR|KEYS|MINUTE|SECONDS|LEVEL|FORMAT)\b/g;
    for (const { path, text } of await readPages()) {
      for (const [name] of text.matchAll(prefixed)) expect(settingNames, path).to.include(name);
    }
  });
});
