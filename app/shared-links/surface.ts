import type { ErpDocument } from '../domain/document.ts';

/** What the preview of a link says; it is not kept up to date, so it says when it was true. */
export interface LinkPreview {
  document: ErpDocument;
  erp: string;
  company: string;
  asOf: Date;
}

/** Where shared links get their previews. Errors are those of `app/domain/errors.ts`; nothing here retries. */
export interface LinkSurface {
  /** Shows a preview under each of these links of a message. Doing it twice does no harm. */
  preview(
    place: { installationId: string; channel: string; messageId: string },
    previews: ReadonlyMap<string, LinkPreview>,
  ): Promise<void>;
}
