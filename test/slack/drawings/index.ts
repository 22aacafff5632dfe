import { answers } from './answers.ts';
import { forms } from './forms.ts';
import { homes } from './homes.ts';
import { messages, previews } from './messages.ts';
import type { Drawing } from './samples.ts';

export type { Drawing } from './samples.ts';

/** Every kind of message and view that the app draws, with what it needs to be full. A new kind is added here. */
export const allDrawings = (): Drawing[] => [...messages(), ...previews(), ...answers(), ...homes(), ...forms()];
