/** Brings the recording to the desk after the text is on screen: player, word times, waveform. */

import { Player } from './player.js';
import { WordClock } from './clock.js';

/** @typedef {import('./desk.js').Reader} Reader */

/** @param {Reader} reader @returns {Promise<void>} */
export async function openPlayer(reader) {
  const { data, layout, api, text, highlights } = reader;
  if (!data.recording) return;
  const parts = {
    recording: data.recording,
    store: reader.local,
    onWord: (/** @type {number} */ turn, /** @type {number} */ from, /** @type {number} */ to) => highlights.word(turn, from, to),
    onFollow: (/** @type {number} */ turn, /** @type {number} */ from) => {
      if (!reader.editing.box) reader.view.reveal(text.starts[turn] + text.offsets[turn].toPoint(from));
    },
  };
  // A text that took an older one's place goes on with its player.
  const player = reader.player ?? new Player(parts);
  player.onWord = parts.onWord;
  player.onFollow = parts.onFollow;
  reader.player = player;
  layout.body.after(player.element);
  // Without word times the turns' own times still serve.
  reader.words = new WordClock(text, []);
  const optional = async (/** @type {Promise<any>} */ call) => call.catch(() => null);
  const [words, peaks] = await Promise.all([
    optional(api.words(data.version_id)),
    optional(api.peaks(data.recording.id)),
  ]);
  if (words) {
    reader.words = new WordClock(text, words.turns);
    player.words = reader.words;
  }
  if (peaks) player.setPeaks(peaks);
  const jump = reader.playAfterLoad;
  const span = jump && reader.words.span(jump);
  if (span) player.playSpan(span);
}
