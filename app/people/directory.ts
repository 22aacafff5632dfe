/** What somebody is in the workspace; only members can be matched to people of an ERP, decide or look after the app. */
export type Standing = 'member' | 'guest' | 'bot' | 'stranger' | 'gone';

/** An account of the workspace as Slack tells of it. */
export interface SlackPerson {
  id: string;
  name: string;
  /** Null where there is none or the app may not see it (scope users:read.email). */
  email: string | null;
  standing: Standing;
}

/** Who is there in Slack. Errors are those of `app/domain/errors.ts`. */
export interface Directory {
  /** Everybody in the workspace, or in all workspaces of an org-wide installation, in pages at Slack's pace. */
  everyone(installationId: string, signal: AbortSignal): AsyncGenerator<SlackPerson[]>;
  /** One person as they are now; null for an id that Slack does not know. */
  one(installationId: string, person: string): Promise<SlackPerson | null>;
}
