import { createInFlight } from '../queue/in-flight.ts';
import { changesId, spreadChanges } from './changes.ts';
import { type PublishDeps, publishHome } from './publish.ts';

const publishingAtOnce = 8;

/** The `publish-home` task: looks at what changed, or publishes one person's Home (`<installation>/<person>`). */
export function createHomeTask(deps: PublishDeps): { run(id: string): Promise<void>; drain(): Promise<void> } {
  const publishing = createInFlight(publishingAtOnce, (home, error) =>
    deps.log.error('Home not published', { home, error }),
  );
  return {
    async run(id) {
      if (id === changesId) {
        await spreadChanges(deps.db);
        return;
      }
      const [installationId, person] = id.split('/');
      if (installationId && person) publishing.start(id, () => publishHome(deps, { installationId, person }));
    },
    drain: () => publishing.drain(),
  };
}
