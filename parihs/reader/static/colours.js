/**
 * One colour per construct, the same on text, stripe and codebook; children are tints of their
 * parent. The base is the colour-blind-safe Okabe–Ito set.
 */

const OKABE_ITO = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#8C8C8C'];
const HEX = /^#[0-9a-f]{6}$/i;

/** @typedef {{id: string, parent: string | null, colour: string | null, construct?: string | null}} CodeLike */

/** @param {string} hex @returns {[number, number, number]} */
export function rgb(hex) {
  const part = (/** @type {number} */ at) => parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** @param {string} from @param {string} to @param {number} share of `to`, 0–1 @returns {string} */
export function mix(from, to, share) {
  const [a, b] = [rgb(from), rgb(to)];
  const parts = a.map((value, i) => Math.round(value + (b[i] - value) * share));
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance as WCAG defines it, 0–1. @param {string} hex @returns {number} */
export function luminance(hex) {
  const linear = rgb(hex).map((value) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/**
 * The colour of each code. A colour that is not `#rrggbb` is ignored, since it comes from a file.
 * @param {CodeLike[]} codes parents before children @param {boolean} dark whether the page is dark
 * @returns {Map<string, string>} hex by code id
 */
export function colourCodes(codes, dark) {
  /** @type {Map<string, string>} */
  const colours = new Map();
  /** @type {Map<string, number>} */
  const siblings = new Map();
  let roots = 0;
  for (const code of codes) {
    const parent = code.parent === null ? undefined : colours.get(code.parent);
    const place = siblings.get(code.parent ?? '') ?? 0;
    siblings.set(code.parent ?? '', place + 1);
    if (parent === undefined) {
      const own = code.colour !== null && HEX.test(code.colour ?? '') ? code.colour : null;
      colours.set(code.id, own ?? OKABE_ITO[roots % OKABE_ITO.length]);
      roots += 1;
    } else if (HEX.test(code.colour ?? '')) {
      colours.set(code.id, /** @type {string} */ (code.colour));
    } else {
      // Four steps of tint tell neighbours apart and stay clearly of one family.
      colours.set(code.id, mix(parent, '#ffffff', 0.1 + 0.1 * (place % 4)));
    }
  }
  if (dark) {
    for (const [id, hex] of colours) {
      if (luminance(hex) < 0.25) colours.set(id, mix(hex, '#ffffff', 0.25));
    }
  }
  return colours;
}

/** Ink that is readable on a colour. @param {string} hex @returns {string} */
export function inkOn(hex) {
  return luminance(hex) > 0.3 ? '#111111' : '#ffffff';
}
