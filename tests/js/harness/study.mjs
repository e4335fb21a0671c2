/** A generated transcript, codebook and codings: the same for the same numbers, nobody's words. */

/** @param {number} seed @returns {() => number} 0–1 */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SENTENCES = [
  'We tried the new discharge form on two wards before anyone asked for it.',
  'The nurses said it saved them a phone call each morning.',
  'But nobody had time set aside for it.',
  'Honestly, the evidence was never the problem.',
  'When the manager left, the whole thing went quiet for three months.',
  'I think people need to see their own numbers before they believe it.',
  'Yes.',
  'Mm, and the patients noticed.',
  'It fits what we do already, so there was not much to learn 🙂.',
  'The network meeting is where we compare notes with the other hospitals.',
  'Who decided that?',
  'There is no budget line, so it depends on goodwill.',
  'Our facilitator kept coming back with one small question at a time.',
  'Right, so what would have to be true for this to last beyond the project?',
  'In the café people speak more openly than in the room.',
];

const CODE_NAMES = {
  Innovation: ['Evidence behind it', 'Fit with practice', 'Usability', 'Relative advantage', 'Novelty'],
  Recipients: ['Motivation', 'Skills and knowledge', 'Time and resources', 'Local opinion leaders', 'Collaboration'],
  'Inner context': ['Leadership support', 'Culture', 'Past experience of change', 'Learning environment'],
  'Outer context': ['Policy drivers', 'Incentives', 'Networks', 'Regulation'],
  Facilitation: ['Role of the facilitator', 'Building relationships', 'Project management', 'Reflecting and reviewing'],
  Outcomes: ['Adoption', 'Sustainment', 'Patient benefit', 'Unintended effects'],
};
const COLOURS = ['#0072B2', '#E69F00', '#009E73', '#009E73', '#CC79A7', '#56B4E9'];
const hex = (/** @type {number} */ n) => n.toString(16).padStart(32, '0');

export const CODERS = [
  { id: 'c1', name: 'Ines' },
  { id: 'c2', name: 'Marek' },
  { id: 'c3', name: 'Ruth' },
];

export function makeCodebook() {
  const codes = [];
  let number = 1;
  Object.entries(CODE_NAMES).forEach(([construct, children], at) => {
    const parent = hex(number);
    const shared = { construct: construct.toLowerCase(), enabling: [], constraining: [] };
    codes.push({
      ...shared, id: hex(number++), key: construct.toLowerCase(), name: construct, parent: null, depth: 0, colour: COLOURS[at],
      definition: `Everything said about ${construct.toLowerCase()}.`, when_to_use: '', when_not: '', example: '',
    });
    for (const name of children) {
      codes.push({
        ...shared, id: hex(number++), key: `${construct}.${name}`.toLowerCase().replace(/ /g, '-'), name, parent, depth: 1, colour: null,
        definition: `What participants say about ${name.toLowerCase()} and how it bears on putting the change into practice.`,
        when_to_use: `The speaker names ${name.toLowerCase()} as a reason why something worked or did not.`,
        when_not: 'It is only mentioned in passing, or asked about by the facilitator.',
        example: 'When the manager left, the whole thing went quiet for three months.',
        enabling: ['It is there when needed', 'People name it without being asked'],
        constraining: ['It is missing or late'],
      });
    }
  });
  return { id: 'book1', name: 'i-PARIHS', codes };
}

/** @param {number} turnCount @param {number} codingCount */
export function makeStudy(turnCount, codingCount) {
  const roll = dice(7);
  const pick = (/** @type {any[]} */ list) => list[Math.floor(roll() * list.length)];
  const speakers = ['Ana (facilitator)', 'Bea', 'Carlos', 'Dora', 'Emil'].map((name, i) => ({
    id: `s${i}`, label: `SPEAKER_0${i}`, name, role: i === 0 ? 'Facilitator' : 'Nurse', facilitator: i === 0,
  }));
  const turns = [];
  const words = [];
  let point = 0;
  let ms = 2000;
  for (let i = 0; i < turnCount; i += 1) {
    const count = roll() < 0.55 ? 1 : roll() < 0.75 ? 2 : roll() < 0.95 ? 3 : 8;
    const text = Array.from({ length: count }, () => pick(SENTENCES)).join(' ');
    const begin = ms;
    const own = [];
    for (const match of text.matchAll(/\S+/g)) {
      const start = [...text.slice(0, match.index)].length;
      const end = start + [...match[0]].length;
      const long = 120 + match[0].length * 45;
      own.push([start, end, ms, ms + long, 0.9]);
      ms += long + 40;
    }
    const speaker = roll() < 0.3 && i > 0 ? turns[i - 1][0] : Math.floor(roll() * speakers.length);
    turns.push([speaker, point, text, begin, ms]);
    words.push(own);
    ms += 400;
    point += [...text].length + 1;
  }
  const nChars = point - 1;
  const book = makeCodebook();
  const leaves = book.codes.filter((code) => code.parent !== null);
  const valences = ['-2', '-1', '0', '1', '2', 'mixed', 'unrated', 'unrated'];
  /** @type {Map<string, any>} */
  const codings = new Map();
  for (let i = 0; i < codingCount; i += 1) {
    const at = Math.floor(roll() ** (i % 3 === 0 ? 1.6 : 1) * turns.length);
    const chars = [...turns[at][2]];
    let start = turns[at][1];
    let end = start + chars.length;
    if (roll() < 0.6) {
      const spans = words[at];
      const a = Math.floor(roll() * spans.length);
      const b = Math.min(spans.length - 1, a + 2 + Math.floor(roll() * 12));
      end = start + spans[b][1];
      start += spans[a][0];
    } else if (roll() < 0.3 && at + 3 < turns.length) {
      const last = turns[at + 1 + Math.floor(roll() * 2)];
      end = last[1] + [...last[2]].length;
    }
    const id = hex(1000000 + i);
    codings.set(id, {
      id, start, end, code: pick(leaves).id, coder: CODERS[roll() < 0.6 ? 0 : roll() < 0.5 ? 1 : 2].id,
      valence: pick(valences), memo: roll() < 0.1 ? 'Compare with the other ward.' : '', uncoded: false, rev: i + 1,
    });
  }
  return {
    text: { version_id: 'v1', transcript_id: 't1', title: 'Workshop 3, district hospital', n_chars: nChars, speakers, turns },
    words: { turns: words }, book, codings, rev: codingCount, durationMs: ms + 2000,
  };
}
