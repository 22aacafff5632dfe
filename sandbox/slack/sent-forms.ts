export interface SentForm {
  what: string;
  body: string;
}

/** The last interactions sent, newest last, so that one can be sent again. */
export class SentForms {
  readonly #forms: SentForm[] = [];

  add(form: SentForm): void {
    this.#forms.push(form);
    if (this.#forms.length > 100) this.#forms.shift();
  }

  last(what?: string): SentForm | undefined {
    return this.#forms.findLast((form) => what === undefined || form.what === what);
  }
}
