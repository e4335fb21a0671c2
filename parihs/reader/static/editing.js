/**
 * Correcting the transcript beside its sound. Corrections are drafts in this browser until they are
 * saved together as one new version; the text, its positions and its codings stay as they are
 * until then.
 */

import { clock, el, plural } from './dom.js';
import { EditBar } from './edit_bar.js';
import { EditBox } from './edit_box.js';
import { freshDraft, isChanged, spliced } from './edit_draft.js';
import { Drafts } from './edit_drafts.js';
import { Doubting } from './edit_doubting.js';
import { ReplaceDialog } from './edit_replace.js';
import { DraftRows } from './edit_rows.js';
import { Saving } from './edit_saving.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {import('./edit_draft.js').Draft} Draft */

const REWIND_S = 2;
const SKIP_MS = 2000;

const STYLE = new URL('./edit.css', import.meta.url).href;

/** Once for all readers of the page, so that a text which takes another's place never stands bare. */
function addStyle() {
  if ([...document.head.querySelectorAll('link')].some(({ href }) => href === STYLE)) return;
  document.head.append(el('link', { rel: 'stylesheet', href: STYLE }));
}

export class Editing {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    addStyle();
    const { data, local, layout } = reader;
    this.on = false;
    /** @type {EditBox | null} */
    this.box = null;
    /** @type {import('./edit_bar.js').BarState} */
    this.state = '';
    this.why = '';
    const rewind = layout.recall('parihs:rewind');
    this.rewind = rewind === null ? REWIND_S : Number(rewind);
    this.drafts = new Drafts({ store: local, coderId: data.coder.id, transcriptId: data.transcript_id, versionId: data.version_id });
    this.rows = new DraftRows(reader.text);
    this.saving = new Saving(this);
    this.doubting = new Doubting(reader, (below, count) => this.bar.showDoubts(below, count));
    this.bar = new EditBar({
      onSave: () => void this.saving.save(),
      onUndo: () => this.undo(),
      onDiscard: () => this.discardAll(),
      onFind: () => this.findAndReplace(),
      onClose: () => this.turnOn(false),
      onDoubt: (below) => void this.doubting.choose(below),
      onNextDoubt: (by) => void this.doubting.step(by),
      onRewind: (seconds) => {
        this.rewind = seconds;
        layout.keep('parihs:rewind', String(seconds));
      },
      onChoose: () => this.saving.choose(),
      rewind: this.rewind,
      below: 0,
      listening: data.recording !== null,
    });
    this.replacing = new ReplaceDialog({
      texts: () => this.texts(),
      where: (turn) => this.where(turn),
      onReplace: (hits) => this.replace(hits),
      onClose: () => layout.focusText(),
    });
  }

  get allowed() {
    return this.reader.data.can_correct;
  }

  /** @returns {() => void} what ends it */
  begin() {
    const { layout, root } = this.reader;
    root.append(this.replacing.element);
    layout.bar.after(this.bar.element);
    const twice = (/** @type {MouseEvent} */ event) => {
      const row = this.on && event.target instanceof Element ? event.target.closest('.pr-turn') : null;
      if (row instanceof HTMLElement && !row.querySelector('.pr-edit')) this.open(Number(row.dataset.turn));
    };
    const once = (/** @type {MouseEvent} */ event) => {
      const draft = event.target instanceof Element ? event.target.closest('.pr-draft') : null;
      const row = draft?.closest('.pr-turn');
      if (row instanceof HTMLElement && this.allowed) this.open(Number(row.dataset.turn));
    };
    layout.page.addEventListener('dblclick', twice);
    layout.page.addEventListener('click', once);
    if (this.allowed) {
      if (this.reader.resume?.editing) this.turnOn(true);
      for (const draft of this.drafts.list) this.rows.show(draft);
      void this.saving.gather();
    }
    this.tell();
    if (this.reader.resume) this.arrive(this.reader.resume);
    if (this.drafts.clashes().length > 0) this.saving.choose();
    return () => {
      layout.page.removeEventListener('dblclick', twice);
      layout.page.removeEventListener('click', once);
      this.doubting.close();
    };
  }

  /** Where one was in the text before it became a newer one. @param {import('./desk.js').Resume} place */
  arrive({ place, offset, current, open, message }) {
    const { view, text, layout, selecting } = this.reader;
    const within = (/** @type {number} */ turn) => Math.min(turn, text.rows.length - 1);
    const settle = () => {
      const top = text.rows[within(place)].getBoundingClientRect().top - layout.scroller.getBoundingClientRect().top;
      layout.scroller.scrollTop += top - offset;
    };
    selecting.goTo(within(current));
    view.setCurrent(within(current));
    settle();
    // Heights off screen are guesses until they were laid out once.
    requestAnimationFrame(settle);
    if (message) layout.notice(message);
    if (open >= 0) this.open(within(open));
  }

  /** @param {boolean} on */
  turnOn(on) {
    if (on && !this.allowed) {
      const how = this.reader.data.frozen ? 'Open the newest version to correct it.' : 'Say who you are in the side bar to correct it.';
      this.reader.layout.notice('This text is open for reading only.', how);
      return;
    }
    if (!on) this.leave();
    this.on = on;
    this.reader.root.classList.toggle('pr-editing', on);
    this.tell();
  }

  /** The key: begins to correct the turn at hand, or stops correcting. */
  toggle() {
    if (this.on) this.turnOn(false);
    else {
      this.turnOn(true);
      if (this.on) this.open(Math.max(0, this.reader.view.current));
    }
  }

  /** @returns {boolean | void} false: the key is not for us */
  enter() {
    if (!this.on) return false;
    this.open(Math.max(0, this.reader.view.current));
  }

  /** @param {number} turn @param {number} [caret] */
  open(turn, caret = 0) {
    const { text, view, selecting } = this.reader;
    if (!this.allowed || turn < 0 || turn >= text.rows.length) return;
    if (!this.on) this.turnOn(true);
    this.leave();
    const draft = this.drafts.at(turn) ?? freshDraft(turn, [text.turns[turn][2]]);
    this.drafts.step(`the correction of turn ${draft.first + 1}`);
    this.rows.hide(draft);
    this.box = new EditBox({
      draft,
      above: (first) => this.above(first),
      onChange: (now) => {
        this.drafts.put(now);
        this.state = '';
        this.tell();
      },
      onLeave: (how) => {
        const { first, last } = /** @type {EditBox} */ (this.box).draft;
        this.leave();
        if (how === 'done') this.reader.layout.focusText();
        else this.open(how === 'next' ? last + 1 : first - 1);
      },
      onJoined: () => this.joinedUp(),
      onHear: this.reader.player ? () => this.hear() : null,
      onDiscard: () => this.discard(),
      onKey: (event) => this.key(event),
    });
    this.moveBox();
    this.box.focus(caret);
    selecting.goTo(draft.first);
    view.setCurrent(draft.first);
    const box = this.box.element.getBoundingClientRect();
    const room = this.reader.layout.scroller.getBoundingClientRect();
    if (box.top < room.top + 8 || box.bottom > room.bottom - 8) this.box.element.scrollIntoView({ block: 'center' });
  }

  /** The run grew upwards; who is heard first in it speaks in all of it. */
  joinedUp() {
    this.moveBox();
    const { first, last } = /** @type {EditBox} */ (this.box).draft;
    const { turns, speakers } = this.reader.text;
    const [above, below] = [turns[first][0], turns[last][0]];
    if (above === below || above === null) return;
    this.reader.layout.notice(`The joined turn is ${speakers[above]?.name ?? 'the first speaker'}’s.`);
  }

  /** Put the box into the row of its first turn. */
  moveBox() {
    if (!this.box) return;
    const { draft, element, field } = this.box;
    this.rows.hide(draft);
    const focused = document.activeElement === field;
    this.reader.text.rows[draft.first].append(element);
    if (focused) field.focus({ preventScroll: true });
  }

  leave() {
    const { box } = this;
    if (!box) return;
    this.box = null;
    const { draft } = box;
    box.element.remove();
    if (isChanged(draft)) {
      this.drafts.put(draft);
      this.rows.show(draft);
    } else {
      this.drafts.put(draft);
      this.rows.unhide(draft);
    }
    const step = this.drafts.done.at(-1);
    if (step && JSON.stringify(step.list) === JSON.stringify(this.drafts.list)) this.drafts.done.pop();
    this.tell();
    this.saving.left();
  }

  /** @param {number} first @returns {Draft | null} the run before a turn */
  above(first) {
    if (first <= 0) return null;
    return this.drafts.at(first - 1) ?? freshDraft(first - 1, [this.reader.text.turns[first - 1][2]]);
  }

  /** Keep a draft and show it in the text. @param {Draft} draft */
  put(draft) {
    this.drafts.put(draft);
    if (isChanged(draft)) this.rows.show(draft);
    else this.rows.unhide(draft);
  }

  undo() {
    this.leave();
    const before = this.drafts.list;
    const label = this.drafts.undo();
    for (const draft of before) this.rows.unhide(draft);
    for (const draft of this.drafts.list) this.rows.show(draft);
    this.reader.layout.notice(label ? `Undone: ${label}.` : 'Nothing to undo.');
    this.tell();
  }

  discard() {
    if (!this.box) return;
    const { first, last } = this.box.draft;
    const { turns } = this.reader.text;
    this.box.draft = freshDraft(first, turns.slice(first, last + 1).map((turn) => turn[2]));
    this.leave();
    this.reader.layout.focusText();
  }

  discardAll() {
    this.leave();
    this.drafts.step(`discarding ${plural(this.drafts.size, 'correction')}`);
    for (const draft of [...this.drafts.list]) {
      this.rows.unhide(draft);
      this.drafts.drop(draft.first);
    }
    this.reader.layout.notice('All words are as they were.', '“Take back” brings the corrections back.');
    this.tell();
  }

  // Sound

  /** Pause and go back a little, or play. */
  playOrPause() {
    const { player } = this.reader;
    if (!player) return;
    const playing = !player.audio.paused;
    player.toggle();
    if (playing && this.on && this.rewind > 0) player.skip(-1000 * this.rewind);
  }

  hear() {
    const { player, words, text } = this.reader;
    if (!player || !this.box) return;
    const { first, last } = this.box.draft;
    const span = words?.span({ start: text.starts[first], end: text.endOf(last) });
    if (span) player.playSpan(span);
    else this.reader.layout.notice('This turn has no time in the recording.');
  }

  /** Keys of the player while typing. @param {KeyboardEvent} event @returns {boolean} whether it was one */
  key(event) {
    const { player } = this.reader;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === 's') void this.saving.save();
    else if (control && event.key.toLowerCase() === 'h') this.findAndReplace();
    else if (!player) return false;
    else if (control && event.shiftKey && event.key === ' ') this.hear();
    else if (control && event.key === ',') player.stepSpeed(-1);
    else if (control && event.key === '.') player.stepSpeed(1);
    else if (event.altKey && event.key === 'ArrowLeft') player.skip(-SKIP_MS);
    else if (event.altKey && event.key === 'ArrowRight') player.skip(SKIP_MS);
    else return false;
    return true;
  }

  // Find and replace

  /** @returns {string[]} how each turn reads now; a run under correction stands in its first turn */
  texts() {
    const texts = this.reader.text.turns.map((turn) => turn[2]);
    for (const { first, last, text } of this.drafts.list) {
      for (let turn = first; turn <= last; turn += 1) texts[turn] = turn === first ? text : '';
    }
    return texts;
  }

  findAndReplace() {
    if (!this.allowed) return this.turnOn(true);
    this.leave();
    if (!this.on) this.turnOn(true);
    const { selecting, text } = this.reader;
    const words = selecting.excerpt ? text.quote(selecting.excerpt) : '';
    this.replacing.open(words.length < 60 && !words.includes('\n') ? words : '');
  }

  /** @param {import('./edit_find.js').Hit[]} hits */
  replace(hits) {
    this.drafts.step(`replacing ${plural(hits.length, 'place')}`);
    for (const { turn, from, to, put } of [...hits].reverse()) {
      const draft = this.drafts.at(turn) ?? freshDraft(turn, [this.reader.text.turns[turn][2]]);
      this.put(spliced(draft, from, to, put));
    }
    this.tell();
    this.reader.layout.notice(`${plural(hits.length, 'place')} replaced.`, 'Save makes it a new version; “Take back” undoes it.');
  }

  /** @param {number} turn @returns {string} */
  where(turn) {
    const [speaker, , , startMs] = this.reader.text.turns[turn];
    const name = speaker === null ? '' : this.reader.text.speakers[speaker]?.name ?? '';
    return [name, startMs === null ? `turn ${turn + 1}` : clock(startMs)].filter(Boolean).join(' · ');
  }

  tell() {
    this.bar.show({
      open: this.on,
      drafts: this.drafts.size,
      clashes: this.drafts.clashes().length,
      undo: this.drafts.done.length > 0,
      state: this.state,
      why: this.why,
    });
    this.reader.root.dataset.drafts = String(this.drafts.size);
    this.reader.editTool?.setAttribute('aria-pressed', String(this.on));
  }
}
