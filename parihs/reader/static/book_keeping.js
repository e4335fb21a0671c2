/** The codebook while the reader is open: a new version by somebody else, a code of the team's own. */

/** @param {unknown} error @returns {{message: string, hint: string}} */
function refusal(error) {
  try {
    const { message, hint } = JSON.parse(/** @type {Error} */ (error).message);
    if (message) return { message, hint };
  } catch {
    // The answer was no JSON.
  }
  return { message: 'The code was not added, since the study does not answer.', hint: 'Try again in a while.' };
}

export class BookKeeping {
  /** @param {import('./desk.js').Reader} reader */
  constructor(reader) {
    this.reader = reader;
    this.asked = '';
  }

  /** The codebook was changed by somebody: go on with the new version. @param {string} id */
  async changed(id) {
    const { reader } = this;
    if (!reader.codes || reader.api.codebookId === id || this.asked === id) return;
    this.asked = id;
    try {
      this.use(await reader.api.codebook(id));
    } catch {
      // The next answer names it again.
    } finally {
      this.asked = '';
    }
  }

  /** @param {import('./codes.js').Book} book @param {boolean} [quiet] */
  use(book, quiet = false) {
    const { reader } = this;
    reader.api.codebookId = book.id;
    reader.codes.replace(book);
    reader.panel.build();
    reader.paintTheme(reader.dark);
    reader.view.fill();
    reader.inspector.again();
    if (!quiet) reader.layout.notice(`The codebook has changed: this is its version ${book.number} now.`, book.note);
  }

  /** A code of the team's own. @param {string} name @param {string} below @returns {Promise<string>} its id, empty where refused */
  async add(name, below) {
    const { reader } = this;
    try {
      const made = await reader.api.newCode(name, below);
      this.use(await reader.api.codebook(made.codebook), true);
      const parent = reader.codes.name(below);
      reader.layout.notice(`“${name}” is a new code below “${parent}”.`, 'It is marked as the team’s own. Its rules are written on the Codebook page.');
      return made.code;
    } catch (error) {
      const { message, hint } = refusal(error);
      reader.layout.notice(message, hint, true);
      return '';
    }
  }
}
