/** How the text is shown: its size and width, what the backlight leaves bright, whose turns. */

import { el, quietButton } from './dom.js';
import { Popover } from './popover.js';

const STYLE = new URL('./reading.css', import.meta.url).href;

/** @typedef {import('./desk.js').Reader} Reader */
/** @typedef {import('./backlight.js').Aspect} Aspect */

const SIZES = [14, 15, 16, 17, 18, 20, 22, 25, 28];
const USUAL_PX = 17;
const WIDTHS = { narrow: '30rem', usual: '37rem', wide: '48rem', full: '200rem' };
const DIRECTIONS = /** @type {const} */ ({
  enabling: '+ Enabling', constraining: '− Constraining', neutral: '0 Neutral', mixed: '± Mixed', unrated: 'Not rated',
});

/** Once for all readers of the page; asked for when the first one starts, before there is text. */
export function addReadingStyle() {
  if ([...document.head.querySelectorAll('link')].some(({ href }) => href === STYLE)) return;
  document.head.append(el('link', { rel: 'stylesheet', href: STYLE }));
}

export class Viewing {
  /** @param {Reader} reader */
  constructor(reader) {
    this.reader = reader;
    const { layout } = reader;
    this.pop = new Popover(layout.body, 'How the text is shown', 'pr-viewing', () => layout.focusText());
    this.said = el('div', { class: 'pr-lit', hidden: true });
    layout.reading.prepend(this.said);
    this.size = Number(layout.recall('parihs:text-size')) || USUAL_PX;
    this.width = layout.recall('parihs:text-width') ?? 'usual';
    this.apply();
  }

  apply() {
    const { root } = this.reader.layout;
    root.style.setProperty('--pr-size', `${this.size}px`);
    root.style.setProperty('--pr-column', WIDTHS[/** @type {keyof typeof WIDTHS} */ (this.width)] ?? WIDTHS.usual);
  }

  /** @param {number} by steps */
  resize(by) {
    const at = SIZES.findIndex((size) => size >= this.size);
    this.size = SIZES[Math.max(0, Math.min(SIZES.length - 1, (at < 0 ? SIZES.length - 1 : at) + by))];
    this.reader.layout.keep('parihs:text-size', String(this.size));
    this.reshape();
  }

  /** @param {string} width */
  widen(width) {
    this.width = width;
    this.reader.layout.keep('parihs:text-width', width);
    this.reshape();
  }

  /** Another shape of the same place. */
  reshape() {
    const { view, stripes, text } = this.reader;
    const top = view.firstVisible();
    this.apply();
    if (top >= 0) text.rows[top].scrollIntoView({ block: 'start' });
    stripes.redraw();
    this.fill();
  }

  toggle() {
    if (this.pop.open) {
      this.pop.close();
      return;
    }
    this.fill();
    this.pop.show();
  }

  fill() {
    const { reader } = this;
    const { backlight } = reader;
    const held = document.activeElement?.getAttribute('data-choice');
    const button = (/** @type {string} */ label, /** @type {string} */ id, /** @type {boolean} */ on, /** @type {() => void} */ act, /** @type {Record<string, any>} */ more = {}) => {
      const made = quietButton(label, act, { class: 'pr-chip', 'aria-pressed': String(on), 'data-choice': id, ...more });
      return made;
    };
    const choices = (/** @type {Aspect} */ aspect, /** @type {[string, string][]} */ options) => options.map(([id, label]) =>
      button(label, `${aspect} ${id}`, backlight.chosen[aspect].has(id), () => {
        backlight.toggle(aspect, id);
        this.changed();
      }));
    const row = (/** @type {string} */ label, /** @type {Node[]} */ ...nodes) =>
      el('div', { class: 'pr-view-row', role: 'group', 'aria-label': label }, el('span', { class: 'pr-quiet', text: label }), el('span', { class: 'pr-chips' }, ...nodes));
    const voices = reader.text.speakers.filter(Boolean);
    const roles = [...new Set(voices.map(({ role }) => role))].filter(Boolean).sort();
    const widths = [['narrow', 'Narrow'], ['usual', 'Usual'], ['wide', 'Wide'], ['full', 'All there is']];
    this.pop.body.replaceChildren(
      row('Letters', button('Smaller', 'smaller', false, () => this.resize(-1)), button('Larger', 'larger', false, () => this.resize(1)), el('span', { class: 'pr-quiet', text: `${this.size} px` })),
      row('Width', ...widths.map(([id, label]) => button(label, `width ${id}`, this.width === id, () => this.widen(id)))),
      el('p', { class: 'pr-quiet pr-view-hint', text: 'Backlight: what you choose stays bright, the rest is dimmed. Codes are chosen with ◐ in the codebook.' }),
      reader.data.coders.length > 1 ? row('Coder', ...choices('coders', reader.data.coders.map(({ id, name }) => [id, name]))) : '',
      row('Valence', ...choices('valences', Object.entries(DIRECTIONS))),
      roles.length > 1 ? row('Role', ...choices('roles', roles.map((role) => [role, role]))) : '',
      row('Speaker', ...choices('voices', voices.map(({ id, name }) => [id, name]))),
      row('Other turns', button('Dim them', 'dim', !backlight.alone, () => this.leaveOut(false)), button('Leave them out', 'alone', backlight.alone, () => this.leaveOut(true))),
      row('All of it', button('Everything bright again', 'clear', false, () => this.clear())),
    );
    if (held) /** @type {HTMLElement | null} */ (this.pop.body.querySelector(`[data-choice="${CSS.escape(held)}"]`))?.focus();
  }

  /** @param {boolean} alone */
  leaveOut(alone) {
    this.reader.backlight.alone = alone;
    this.changed();
  }

  clear() {
    this.reader.backlight.clear();
    this.changed();
  }

  /** Another choice: codings and turns anew, and a line that says what is dimmed. */
  changed() {
    const { reader } = this;
    const { backlight, text, layout } = reader;
    const top = reader.view.current;
    reader.panel.backlight(backlight.chosen.codes);
    text.rows.forEach((row, turn) => {
      const dark = !backlight.hears(reader.voiceAt(turn));
      row.classList.toggle('pr-unlit', dark && !backlight.alone);
      row.classList.toggle('pr-left-out', dark && backlight.alone);
    });
    reader.view.fill();
    reader.minimap.draw();
    this.say();
    if (this.pop.open) this.fill();
    if (backlight.bySpeaker && top >= 0) reader.view.reveal(text.starts[top]);
    layout.announce(this.said.hidden ? 'Everything is bright.' : this.said.firstChild?.textContent ?? '');
  }

  say() {
    const { backlight, codes, data, text } = this.reader;
    this.said.hidden = !backlight.on;
    const { chosen } = backlight;
    const names = [
      [...chosen.codes].map((id) => codes.name(id)),
      [...chosen.coders].map((id) => data.coders.find((coder) => coder.id === id)?.name ?? ''),
      [...chosen.valences].map((id) => DIRECTIONS[/** @type {keyof typeof DIRECTIONS} */ (id)]),
      [...[...chosen.voices].map((id) => text.speakers.find((voice) => voice?.id === id)?.name ?? ''), ...chosen.roles],
    ].filter((part) => part.length > 0).map((part) => part.join(' or '));
    this.said.replaceChildren(
      el('span', { text: `Bright: ${names.join(' · ')}` }),
      quietButton('Everything', () => this.clear(), { class: 'pr-act', title: 'Everything bright again (Esc)' }),
    );
  }
}
