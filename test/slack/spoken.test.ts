import { expect } from 'chai';
import { routeActions, routeInputs } from '../../app/slack/forms/route-ids.ts';
import * as ids from '../../app/slack/ids.ts';
import { placedElements } from '../../sandbox/slack/elements.ts';
import { allDrawings, type Drawing } from './drawings/index.ts';

type Json = Record<string, unknown>;
const textOf = (value: unknown) => (value as { text?: string } | undefined)?.text ?? '';
const controls = ({ blocks }: Drawing) => placedElements(blocks as unknown as Json[], 'all');

/** What a screen reader has to say of a control; empty where it has nothing. */
function spoken({ block, element }: { block: Json; element: Json }): string {
  if (element.type === 'button') return String(element.accessibility_label ?? textOf(element.text));
  if (element.type === 'image') return String(element.alt_text ?? '');
  return block.type === 'input' ? textOf(block.label) : textOf(element.placeholder);
}

/** Ids of `ids.ts` that are no controls. */
const others = new Set(['viewIds', 'shortcutIds']);

/** Ids of all that can be pressed or filled in. */
function actionIdsOfTheApp(): string[] {
  const families: Array<[string, object | string]> = [
    ...Object.entries(ids),
    ...Object.entries({ routeActions, routeInputs }),
  ];
  return families.flatMap(([name, family]) => {
    if (typeof family === 'string' || others.has(name)) return [];
    return 'actionId' in family ? [String(family.actionId)] : Object.values(family);
  });
}

describe('what the app shows, for those who listen', () => {
  const all = allDrawings();

  for (const drawing of all) {
    it(`${drawing.what} has words for all that can be used`, () => {
      const said = controls(drawing).map((control) => ({ type: control.element.type, words: spoken(control) }));
      expect(said.filter(({ words }) => words.trim() === '')).to.deep.equal([]);
      for (const { element } of controls(drawing)) {
        expect(String(element.accessibility_label ?? '').length).to.be.at.most(75);
      }
      const buttons = said.filter(({ type }) => type === 'button').map(({ words }) => words);
      expect(new Set(buttons).size, `twice the same in ${buttons.join(' | ')}`).to.equal(buttons.length);
    });
  }

  it('gives every message a text that says it all in words', () => {
    const messages = all.filter(({ callbackId, text }) => callbackId === undefined && text !== undefined);
    expect(messages.length).to.be.greaterThan(15);
    for (const { what, text } of messages) expect(text?.trim(), what).to.not.equal('');
  });

  it('names the document on every button of a card, as a channel holds many', () => {
    const cards = all.filter(({ what }) => what.startsWith('the card “Bill'));
    const buttons = cards.flatMap((drawing) => controls(drawing).map(spoken));
    expect(buttons.length).to.be.greaterThan(8);
    for (const words of buttons) expect(words).to.match(/ Bill \S+/);
  });

  it('has been walked whole: every form and every control that the app knows is among them', () => {
    const views = new Set(all.map(({ callbackId }) => callbackId));
    expect(Object.values(ids.viewIds).filter((id) => !views.has(id))).to.deep.equal([]);
    const used = new Set(all.flatMap((drawing) => controls(drawing).map(({ element }) => element.action_id)));
    expect(actionIdsOfTheApp().filter((id) => !used.has(id))).to.deep.equal([]);
  });
});
