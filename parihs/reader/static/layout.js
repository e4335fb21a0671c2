/** The rooms of the reader on screen: bar, text, panel beside it. Remembers the panel's width. */

import { el, quietButton } from './dom.js';
import { luminance } from './colours.js';

const NARROWEST = 220;
const WIDEST = 520;
const GAP_PX = 12;

/** @typedef {Pick<Storage, 'getItem' | 'setItem'> | null} Store */

/** @param {HTMLElement} root @returns {boolean} whether the app's page is dark */
export function isDark(root) {
  const probe = document.createElement('canvas').getContext('2d');
  const background = getComputedStyle(root).getPropertyValue('--st-background-color').trim();
  if (!probe || !background) return matchMedia('(prefers-color-scheme: dark)').matches;
  // The canvas turns any CSS colour into #rrggbb.
  probe.fillStyle = '#ffffff';
  probe.fillStyle = background;
  return probe.fillStyle.startsWith('#') && luminance(probe.fillStyle) < 0.25;
}

export class Layout {
  /** @param {HTMLElement} host @param {Store} store */
  constructor(host, store) {
    this.store = store;
    this.title = el('h2', { class: 'pr-title' });
    this.tools = el('div', { class: 'pr-tools' });
    this.bar = el('header', { class: 'pr-bar' }, this.title, this.tools);
    this.page = el('article', { class: 'pr-page' });
    this.scroller = el('main', { class: 'pr-scroll', tabindex: '0', 'aria-label': 'Transcript', role: 'region' }, this.page);
    this.notices = el('div', { class: 'pr-notices' });
    this.live = el('div', { class: 'pr-sr', 'aria-live': 'polite' });
    this.reading = el('div', { class: 'pr-reading' }, this.scroller, this.notices);
    this.handle = el('div', {
      class: 'pr-handle', role: 'separator', 'aria-orientation': 'vertical', 'aria-label': 'Width of the codebook', tabindex: '0', 'data-own-keys': '',
    });
    this.panel = el('aside', { class: 'pr-panel', 'aria-label': 'Codebook' });
    this.body = el('div', { class: 'pr-body' }, this.reading, this.handle, this.panel);
    this.root = el('div', { class: 'parihs-reader', 'data-ready': 'false' }, this.bar, this.body, this.live);
    host.append(this.root);
    this.fit = () => this.fill();
    window.addEventListener('resize', this.fit);
    // What the app shows above the reader comes and goes; the page around it then changes its size.
    this.around = new ResizeObserver(this.fit);
    for (let up = this.root.parentElement; up; up = up.parentElement) this.around.observe(up);
    this.fill();
    this.drag();
    this.setWidth(Number(this.recall('parihs:panel-width')) || 320);
    this.setPanel(this.recall('parihs:panel') !== 'closed');
  }

  /** Down to the lower edge of the window, wherever the app has put the reader. */
  fill() {
    const { root } = this;
    if (getComputedStyle(root).getPropertyValue('--parihs-reader-top').trim()) return;
    let scrolled = window.scrollY;
    for (let up = root.parentElement; up; up = up.parentElement) scrolled += up.scrollTop;
    const top = root.getBoundingClientRect().top + scrolled;
    const height = `${Math.round(window.innerHeight - top - GAP_PX)}px`;
    if (root.style.height !== height) root.style.height = height;
  }

  close() {
    window.removeEventListener('resize', this.fit);
    this.around.disconnect();
    this.root.remove();
  }

  drag() {
    this.handle.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
      event.preventDefault();
      this.handle.setPointerCapture(event.pointerId);
      const move = (/** @type {PointerEvent} */ at) => this.setWidth(this.body.getBoundingClientRect().right - at.clientX);
      this.handle.addEventListener('pointermove', move);
      this.handle.addEventListener('pointerup', () => this.handle.removeEventListener('pointermove', move), { once: true });
    });
    this.handle.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      const by = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
      if (by) this.setWidth(this.width + by);
    });
  }

  /** @param {number} px */
  setWidth(px) {
    this.width = Math.round(Math.max(NARROWEST, Math.min(WIDEST, px)));
    this.root.style.setProperty('--pr-panel', `${this.width}px`);
    this.handle.setAttribute('aria-valuenow', String(this.width));
    this.keep('parihs:panel-width', String(this.width));
  }

  /** @param {boolean} open */
  setPanel(open) {
    this.panelOpen = open;
    this.root.classList.toggle('pr-panel-closed', !open);
    this.keep('parihs:panel', open ? 'open' : 'closed');
  }

  /**
   * Say something above the text's lower edge.
   * @param {string} message @param {string} [hint] @param {boolean} [stays] until dismissed
   */
  notice(message, hint = '', stays = false) {
    for (const old of [...this.notices.children]) if (old.firstChild?.textContent === message) old.remove();
    const box = el('div', { class: 'pr-notice', role: stays ? 'alert' : 'status' }, el('span', { text: message }));
    if (hint) box.append(' ', el('span', { class: 'pr-quiet', text: hint }));
    box.append(quietButton('×', () => box.remove(), { class: 'pr-close', 'aria-label': 'Dismiss' }));
    while (this.notices.children.length > 2) this.notices.firstChild?.remove();
    this.notices.append(box);
    if (!stays) setTimeout(() => box.remove(), 4000);
  }

  /** For screen readers. @param {string} text */
  announce(text) {
    this.live.textContent = text;
  }

  focusText() {
    this.scroller.focus({ preventScroll: true });
  }

  /** @param {string} key @returns {string | null} */
  recall(key) {
    try {
      return this.store?.getItem(key) ?? null;
    } catch {
      return null;
    }
  }

  /** @param {string} key @param {string} value */
  keep(key, value) {
    try {
      this.store?.setItem(key, value);
    } catch {
      // A preference only.
    }
  }
}
