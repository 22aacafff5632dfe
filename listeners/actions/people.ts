import type { App } from '@slack/bolt';
import { administratorsIds, peopleIds } from '../../app/slack/ids.ts';
import type { ListenerDeps } from '../deps.ts';
import { administratorsClicked } from './administrators-clicked.ts';
import { peopleClicked, peopleStepped } from './people-clicked.ts';

export function registerPeopleActions(app: App, deps: ListenerDeps): void {
  app.action(peopleIds.open, peopleClicked(deps));
  app.action(peopleIds.again, peopleStepped(deps, 'again'));
  app.action(peopleIds.show, peopleStepped(deps, 'show'));
  app.action(peopleIds.search, peopleStepped(deps, 'search'));
  app.action(peopleIds.previous, peopleStepped(deps, 'page'));
  app.action(peopleIds.next, peopleStepped(deps, 'page'));
  app.action(peopleIds.byEmail, peopleStepped(deps, 'byEmail'));
  app.action(administratorsIds.open, administratorsClicked(deps));
}
