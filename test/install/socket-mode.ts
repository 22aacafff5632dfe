import { sampleApp } from '../../sandbox/slack/seed.ts';

/** What startProduct takes for an app that opens sockets instead of being reached. */
export const socketMode = {
  scenario: { slack: { socketMode: true } },
  settings: { SLACK_APP_TOKEN: sampleApp.appToken },
};
