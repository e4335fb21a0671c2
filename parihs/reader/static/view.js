/** What is shown of the codings: text tints, stripes, counts, the selected one, the place. */

import { nextTurn } from './density.js';
import { plural } from './dom.js';

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {import('./codings.js').Coding} Coding */
/** @typedef {import('./text.js').Excerpt} Excerpt */

const SETTLE_MS = 250;
const MARGIN_PX = 48;
const TOP_PX = 12;

export class View {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    this.current = -1;
    this.place = -1;
  }

  /** @param {Coding} coding @returns {boolean} */
  isShown(coding) {
    return !this.reader.hiddenCoders.has(coding.coder);
  }

  /** @returns {Coding[]} in reading order */
  shown() {
    const all = [...this.reader.work.codings.shown.values()].filter((coding) => this.isShown(coding));
    return all.sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : 1));
  }

  /** Everything anew: at the start and after another choice of coders or backlight. */
  fill() {
    const { highlights, stripes } = this.reader;
    for (const id of [...highlights.painted.keys()]) highlights.erase(id);
    const shown = this.shown();
    for (const coding of shown) if (this.reader.isLit(coding)) highlights.paint(coding);
    stripes.fill(shown);
    this.count();
    this.reader.minimap.draw();
  }

  /** @param {Set<string>} ids of codings that came, went or changed */
  changed(ids) {
    const { work, highlights, stripes, text } = this.reader;
    if (!text) return;
    for (const id of ids) {
      const coding = work.codings.get(id);
      if (coding && this.isShown(coding)) {
        if (this.reader.isLit(coding)) highlights.paint(coding);
        else highlights.erase(id);
        stripes.put(coding);
      } else {
        highlights.erase(id);
        stripes.take(id);
      }
    }
    stripes.draw();
    this.count();
    this.reader.minimap.draw();
    if (ids.has(this.reader.selected)) this.showSelected();
  }

  count() {
    const { work, data, panel } = this.reader;
    panel.count([...work.codings.shown.values()].filter((coding) => coding.coder === data.coder.id));
  }

  /** @param {string} id of a coding, empty for none @param {boolean} reveal scroll to it */
  pick(id, reveal) {
    const { reader } = this;
    if (id) reader.selecting.clear();
    reader.selected = id;
    reader.stripes.select(id);
    this.showSelected();
    const coding = reader.work.codings.get(id);
    if (!coding) return;
    this.setCurrent(reader.text.turnAt(coding.start));
    reader.selecting.turn = this.current;
    if (reveal) this.reveal(coding.start);
    reader.layout.announce(`${reader.codes.name(coding.code)}, coded by ${reader.coderName(coding.coder)}`);
  }

  showSelected() {
    const { reader } = this;
    const coding = reader.work.codings.get(reader.selected);
    reader.highlights.mark('excerpt', coding ?? null);
    reader.edges.update();
    if (coding) {
      const editable = reader.data.can_code && coding.coder === reader.data.coder.id;
      reader.inspector.show(coding, reader.text.quote(coding), reader.coderName(coding.coder), editable);
    } else if (reader.selected) {
      reader.selected = '';
      reader.stripes.select('');
      reader.inspector.rest();
    } else if (reader.inspector.coding) reader.inspector.rest();
  }

  selectionChanged() {
    const { reader } = this;
    const { excerpt, turn } = reader.selecting;
    reader.highlights.mark('selection', excerpt);
    if (excerpt) {
      reader.highlights.mark('jump', null);
      if (reader.selected) this.pick('', false);
      const words = reader.text.quote(excerpt).split(/\s+/).filter(Boolean).length;
      reader.layout.announce(`${plural(words, 'word')} selected`);
    } else reader.reshaping = '';
    reader.selectionCard.update();
    reader.edges.update();
    this.setCurrent(turn);
  }

  /** @param {number} turn */
  setCurrent(turn) {
    if (turn === this.current) return;
    const { rows } = this.reader.text;
    rows[this.current]?.classList.remove('is-current');
    rows[turn]?.classList.add('is-current');
    this.current = turn;
  }

  /** Scroll only as far as needed. @param {number} point @param {'nearest' | 'center'} [block] */
  reveal(point, block = 'nearest') {
    const { text, layout } = this.reader;
    const turn = text.turnAt(point);
    const unit = text.offsets[turn].toUtf16(point - text.starts[turn]);
    const step = () => {
      const room = layout.scroller.getBoundingClientRect();
      const end = Math.min(unit + 1, text.nodes[turn].data.length);
      const at = text.range(turn, Math.max(0, end - 1), end).getBoundingClientRect();
      const box = at.height > 0 ? at : text.rows[turn].getBoundingClientRect();
      if (box.top >= room.top + MARGIN_PX && box.bottom <= room.bottom - MARGIN_PX && block === 'nearest') return;
      const far = box.top < room.top - room.height || box.bottom > room.bottom + room.height;
      if (block === 'center' || far) layout.scroller.scrollTop += box.top - room.top - room.height * 0.35;
      else if (box.top < room.top + MARGIN_PX) layout.scroller.scrollTop += box.top - room.top - MARGIN_PX;
      else layout.scroller.scrollTop += box.bottom - room.bottom + MARGIN_PX;
    };
    step();
    // Heights off screen were guesses; once laid out, the place may have moved.
    requestAnimationFrame(step);
  }

  /** @param {Excerpt} excerpt */
  goToExcerpt(excerpt) {
    const { reader } = this;
    const same = this.shown().find(({ start, end }) => start === excerpt.start && end === excerpt.end);
    if (same) this.pick(same.id, false);
    reader.highlights.mark('jump', same ? null : excerpt);
    reader.selecting.turn = reader.text.turnAt(excerpt.start);
    this.setCurrent(reader.selecting.turn);
    this.reveal(excerpt.start, 'center');
  }

  /** @param {string} codeId again: off */
  backlight(codeId) {
    this.reader.backlight.toggle('codes', codeId);
    this.reader.viewing.changed();
  }

  /**
   * The next turn that carries none of the coder's codes, from the top again after the last.
   * @param {1 | -1} by @returns {number} −1 where there is none
   */
  uncoded(by) {
    const { reader } = this;
    const { stripes, text, data, work, backlight } = reader;
    return nextTurn(Math.max(0, this.current), by, text.rows.length, (turn) => {
      if (!text.nodes[turn].data.trim() || !backlight.hears(reader.voiceAt(turn))) return false;
      return ![...(stripes.byTurn.get(turn) ?? [])].some((id) => !data.can_code || work.codings.get(id)?.coder === data.coder.id);
    });
  }

  /** @param {string} coderId @returns {boolean} whether they are shown now */
  toggleCoder(coderId) {
    const { hiddenCoders } = this.reader;
    const shown = hiddenCoders.delete(coderId);
    if (!shown) hiddenCoders.add(coderId);
    this.fill();
    return shown;
  }

  restorePlace() {
    const { layout, data, text, selecting } = this.reader;
    const kept = Number(layout.recall(`parihs:place:${data.version_id}`));
    this.place = Number.isInteger(kept) && kept > 0 && kept < text.rows.length ? kept : 0;
    selecting.turn = this.place;
    this.setCurrent(this.place);
    this.scrollToPlace();
  }

  /** Heights off screen are guesses until the first frame, so this is done before and after it. */
  scrollToPlace() {
    if (this.place > 0) this.reader.text.rows[this.place].scrollIntoView({ block: 'start' });
  }

  /** Remember where the coder is; redraw when widths change. @returns {() => void} */
  watch() {
    const { layout, stripes } = this.reader;
    /** @type {any} */
    let settle = 0;
    const scrolled = () => {
      clearTimeout(settle);
      settle = setTimeout(() => this.settled(), SETTLE_MS);
    };
    layout.scroller.addEventListener('scroll', scrolled, { passive: true });
    let width = layout.page.clientWidth;
    const sizes = new ResizeObserver(() => {
      if (layout.page.clientWidth === width) return;
      width = layout.page.clientWidth;
      stripes.redraw();
    });
    sizes.observe(layout.page);
    document.fonts?.ready.then(() => stripes.redraw());
    return () => {
      clearTimeout(settle);
      sizes.disconnect();
      layout.scroller.removeEventListener('scroll', scrolled);
    };
  }

  settled() {
    const { layout, data, minimap } = this.reader;
    const turn = this.firstVisible();
    if (turn < 0) return;
    minimap.say(turn);
    if (turn === this.place) return;
    this.place = turn;
    layout.keep(`parihs:place:${data.version_id}`, String(turn));
  }

  /** @returns {number} turn at the top of the view, −1 if none */
  firstVisible() {
    const { layout, text } = this.reader;
    return text.turnBelow(layout.scroller.getBoundingClientRect().top + TOP_PX);
  }
}
