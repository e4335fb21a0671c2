/**
 * Who speaks, in the reader: names in the margin, turns that are not sure, and changing both.
 * The server checks that every turn still is as it was seen here, and answers with how it is now.
 */

import { el, plural, quietButton } from './dom.js';
import { SendError } from './queue.js';
import { SpeakerChooser } from './speaker_chooser.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {{id: string, label: string, name: string, role: string, facilitator: boolean}} Voice */
/** @typedef {{id: string, name: string, about: string, attended: boolean, has_voice: boolean}} Person */
/** @typedef {{voices: Voice[], turns: (number | null)[], unsure: number[], people: Person[], seq?: number}} Known */
/** @typedef {{label: string, turns: number[]}} Scope */

export class Speakers {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    /** @type {Person[]} */
    this.people = [];
    /** @type {Set<number>} */
    this.unsure = new Set();
    /** @type {{seq: number, label: string}[]} changes made here and not taken back, oldest first */
    this.done = [];
    this.busy = false;
    this.chooser = new SpeakerChooser(reader.layout.body, () => reader.layout.focusText());
    this.hover = quietButton('who?', () => this.open(Number(this.hover.closest('.pr-turn')?.getAttribute('data-turn'))), {
      class: 'pr-who', title: 'Say who speaks here (w)', tabindex: '-1', 'aria-hidden': 'true',
    });
  }

  /** Fetch what is known and listen to the margin. @returns {() => void} stops listening */
  begin() {
    const { page } = this.reader.layout;
    const click = (/** @type {MouseEvent} */ event) => {
      const name = event.target instanceof Element ? event.target.closest('.pr-speaker, .pr-unsure') : null;
      if (name) this.open(Number(name.closest('.pr-turn')?.getAttribute('data-turn')));
    };
    // One button for all turns whose name stands further up: it follows the mouse.
    const over = (/** @type {PointerEvent} */ event) => {
      const row = event.target instanceof Element ? event.target.closest('.pr-turn:not(.pr-new-speaker)') : null;
      if (row && this.reader.data.can_code) row.firstElementChild?.prepend(this.hover);
      else if (!this.hover.matches(':hover')) this.hover.remove();
    };
    page.addEventListener('click', click);
    page.addEventListener('pointerover', over);
    void this.load();
    return () => {
      page.removeEventListener('click', click);
      page.removeEventListener('pointerover', over);
    };
  }

  async load() {
    const { api, data } = this.reader;
    try {
      this.take(await api.call(`/versions/${encodeURIComponent(data.version_id)}/speakers`));
    } catch {
      // The names that came with the text stay; a change asks again.
    }
  }

  /** @param {Known} known */
  take({ voices, turns, unsure, people }) {
    const { text } = this.reader;
    if (turns.length !== text.turns.length) return;
    this.people = people;
    this.unsure = new Set(unsure);
    text.speakers = voices;
    turns.forEach((voice, index) => {
      text.turns[index][0] = voice;
    });
    this.paint();
  }

  paint() {
    const { text } = this.reader;
    /** @type {number | null} */
    let previous = -1;
    text.turns.forEach(([voice], index) => {
      const row = text.rows[index];
      const margin = /** @type {HTMLElement} */ (row.firstElementChild);
      const speaker = voice === null ? null : text.speakers[voice];
      const begins = voice !== previous && speaker !== null;
      const shown = margin.querySelector('.pr-speaker');
      if (begins && speaker) {
        if (shown?.textContent !== speaker.name || shown.getAttribute('data-voice') !== speaker.id) {
          const name = el('span', { class: 'pr-speaker', text: speaker.name, 'data-voice': speaker.id });
          name.title = [speaker.role, 'Click, or press w, to say who speaks'].filter(Boolean).join('\n');
          if (shown) shown.replaceWith(name);
          else margin.prepend(name);
        }
        margin.querySelector('.pr-speaker')?.classList.toggle('pr-facilitator', speaker.facilitator);
      } else shown?.remove();
      row.classList.toggle('pr-new-speaker', begins);
      const mark = margin.querySelector('.pr-unsure');
      if (this.unsure.has(index) && !mark) {
        margin.append(el('span', { class: 'pr-unsure', text: 'not sure', title: 'Who speaks here is not sure (W goes to the next)' }));
      } else if (!this.unsure.has(index)) mark?.remove();
      previous = voice;
    });
  }

  /** @param {number} turn @returns {string | null} id of the voice */
  voiceOf(turn) {
    const { text } = this.reader;
    const voice = text.turns[turn][0];
    return voice === null ? null : text.speakers[voice].id;
  }

  /** How much a change may be for, the smallest first. @param {number} turn @returns {Scope[]} */
  scopes(turn) {
    const { text } = this.reader;
    const own = text.turns[turn][0];
    const name = own === null ? 'nobody' : text.speakers[own].name;
    const same = text.turns.flatMap(([voice], index) => (voice === own ? [index] : []));
    let end = turn;
    while (end + 1 < text.turns.length && text.turns[end + 1][0] === own) end += 1;
    const run = same.filter((index) => index >= turn && index <= end);
    const later = same.filter((index) => index >= turn);
    const scopes = [{ label: 'This turn', turns: [turn] }];
    if (run.length > 1) scopes.push({ label: `To the end of this run (${run.length} turns)`, turns: run });
    if (later.length > run.length && later.length < same.length) scopes.push({ label: `All of ${name} from here on (${later.length})`, turns: later });
    if (same.length > run.length) scopes.push({ label: `All of ${name} (${same.length})`, turns: same });
    return scopes;
  }

  /** @param {number} turn */
  open(turn) {
    const { reader } = this;
    const { layout, text, data, view, selecting } = reader;
    if (!(turn >= 0)) return;
    if (!data.can_code) {
      layout.notice('This transcript is open for reading only.', 'The page “Speakers” is the other place to say who speaks.');
      return;
    }
    selecting.turn = turn;
    view.setCurrent(turn);
    view.reveal(text.starts[turn]);
    const own = this.voiceOf(turn);
    const voices = text.speakers.filter(({ id }) => id !== own).map(({ id, name, role }) => ({ name, about: role, to: { voice: id } }));
    const people = this.people.filter(({ has_voice }) => !has_voice).map(({ id, name, about, attended }) => ({
      name, about: [about, attended ? 'attended' : 'not heard here yet'].filter(Boolean).join(' · '), to: { person: id },
    }));
    this.chooser.show({
      near: text.rows[turn].getBoundingClientRect(),
      scopes: this.scopes(turn),
      named: [...voices, ...people],
      mine: own !== null,
      unsure: (turns) => turns.every((index) => this.unsure.has(index)),
      last: this.done.at(-1)?.label ?? '',
      choose: (what, turns) => void this.change(what, turns),
    });
  }

  /** @param {import('./speaker_chooser.js').Choice} what @param {number[]} turns */
  async change(what, turns) {
    if (this.busy) return;
    this.busy = true;
    const { reader } = this;
    const undone = what.send.verb === 'undo' ? this.done.at(-1) : undefined;
    const body = {
      ...what.send,
      version_id: reader.data.version_id,
      turns: turns.map((index) => [index, this.voiceOf(index)]),
      seq: undone?.seq ?? 0,
    };
    try {
      const known = await reader.api.call('/speakers', body);
      const label = `${plural(turns.length, 'turn')} ${what.said}`;
      if (undone) this.done.pop();
      else this.done.push({ seq: known.seq, label });
      this.take(known);
      this.say(undone ? `Undone: ${undone.label}` : label, !undone);
    } catch (error) {
      this.refused(error);
      await this.load();
    } finally {
      this.busy = false;
    }
  }

  /** @param {string} done @param {boolean} undoable */
  say(done, undoable) {
    const { layout } = this.reader;
    // Only the newest change can be taken back from its notice.
    for (const old of layout.notices.querySelectorAll('.pr-undo')) old.parentElement?.remove();
    layout.notice(done);
    const box = layout.notices.lastElementChild;
    if (undoable && box) {
      const undo = quietButton('Undo', () => {
        box.remove();
        void this.undo();
      }, { class: 'pr-act pr-undo' });
      box.insertBefore(undo, box.lastElementChild);
    }
    layout.announce(done);
  }

  undo() {
    return this.change({ said: '', send: { verb: 'undo' } }, []);
  }

  /** @param {unknown} error */
  refused(error) {
    const { reader } = this;
    const status = error instanceof SendError ? error.status : -1;
    if (status === 401 || status === 403) reader.renew();
    let said = { message: 'The change was not made: the study does not answer.', hint: 'Try again.' };
    try {
      if (status > 0) said = JSON.parse(/** @type {Error} */ (error).message);
    } catch {
      // Not our answer; the sentence above holds.
    }
    reader.layout.notice(said.message, said.hint, true);
  }

  /** The next turn where it is not sure who speaks, from the top again after the last. */
  nextUnsure() {
    const { reader } = this;
    const places = [...this.unsure].sort((a, b) => a - b);
    const next = places.find((index) => index > reader.view.current) ?? places[0];
    if (next === undefined) {
      reader.layout.notice('No turn is marked as not sure.', 'Press w on a turn to mark it.');
      return;
    }
    reader.view.pick('', false);
    reader.selecting.goTo(next);
    reader.view.setCurrent(next);
    reader.view.reveal(reader.text.starts[next]);
    reader.layout.announce(`Turn ${next + 1}, not sure who speaks`);
  }
}
