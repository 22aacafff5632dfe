import { actionWords } from '../../domain/actions.ts';
import type { ActionName } from '../../domain/document.ts';
import { mayDecide } from '../../domain/policy.ts';
import { shorten } from '../../domain/text.ts';
import type { CardSubject, Text } from '../card.ts';
import { askNext } from './steps.ts';

export function ask(subject: CardSubject, deciding: boolean, possible: ActionName[]): Text | null {
  const { decision, document, route, erp } = subject;
  if (deciding && decision) {
    const waits = decision.message ? ` Not done yet: ${shorten(decision.message, 300)}` : '';
    return [`${actionWords[decision.action].doing} in ${erp} for `, { person: decision.person }, ` …${waits}`];
  }
  if (possible.length === 0) return null;
  const mentions = route.mentions.flatMap<Text[number]>((person) => [' ', { person }]);
  const informed = mentions.length > 0 ? [' · for information:', ...mentions] : [];
  const next = possible.includes('approve') ? askNext(subject) : null;
  if (next) return [...next, ...informed];
  const asked = (['approve', 'release', 'unhold'] as const).find((action) => possible.includes(action));
  const verb = asked ? ` to ${actionWords[asked].infinitive}` : '';
  const able = [...new Set(route.deciders.map(({ user }) => user))].filter((user) =>
    route.actions.some((action) => mayDecide(user, action, document, route).reason === 'allowed'),
  );
  if (able.length === 0) return [`Waiting for someone with a higher limit${verb}`];
  const people = able.slice(0, 5).flatMap<Text[number]>((person, index) => [index === 0 ? '' : ' or ', { person }]);
  const others = able.length > 5 ? [` or ${able.length - 5} others`] : [];
  return ['Waiting for ', ...people, ...others, verb, ...informed];
}
