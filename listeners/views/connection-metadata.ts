import { type FormMetadata, formMetadata } from '../../app/setup/form.ts';

/** What a form of a connection carried along; undefined where it is not one of ours. */
export function readMetadata(text: string | undefined): FormMetadata | undefined {
  try {
    return formMetadata.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
