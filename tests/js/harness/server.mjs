/**
 * The reader without Streamlit: a page that mounts it as Streamlit would, and an API in memory.
 * `node server.mjs [port]`, then open http://localhost:PORT/?turns=3000&codings=2000&theme=dark
 * POST /control {"fail": 503 | 401 | null, "delay": ms, "refuse": code id | null} makes trouble.
 */

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODERS, makeStudy } from './study.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, '../../../parihs/reader/static');
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };
/** @type {Map<string, ReturnType<typeof makeStudy> & {done: Set<string>}>} */
const studies = new Map();
const trouble = { fail: null, delay: 0, refuse: null };

/** @param {string} name such as `3000-2000` */
function study(name) {
  let found = studies.get(name);
  if (!found) {
    const [turns, codings] = name.split('-').map(Number);
    found = { ...makeStudy(turns, codings), done: new Set() };
    studies.set(name, found);
  }
  return found;
}

/** @param {ReturnType<typeof study>} at @param {any} op @returns {{message: string, hint: string} | null} */
function applyOp(at, op) {
  if (at.done.has(op.op_id)) return null;
  if (trouble.refuse && op.code === trouble.refuse) {
    return { message: 'This code was retired while you were coding.', hint: 'Choose another one; the words are still there.' };
  }
  const old = at.codings.get(op.coding_id);
  if (op.verb !== 'code' && !old) return { message: 'This coding does not exist.', hint: 'Reload the page.' };
  at.rev += 1;
  const made = { id: op.coding_id, coder: CODERS[0].id, uncoded: false };
  const next = op.verb === 'code'
    ? { ...made, start: op.start, end: op.end, code: op.code, valence: op.valence, memo: op.memo }
    : { ...old, ...(op.set ?? {}), uncoded: op.verb === 'uncode' ? true : op.verb === 'restore' ? false : old.uncoded };
  at.codings.set(op.coding_id, { ...next, rev: at.rev });
  at.done.add(op.op_id);
  return null;
}

/** An hour-long recording costs no memory: a quiet tone computed byte by byte. */
function tone(request, response, durationMs) {
  const rate = 8000;
  const size = Math.floor((durationMs / 1000) * rate);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(size, 40);
  const total = size + 44;
  const [, a, b] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? 'bytes=0-') ?? [];
  const from = Number(a);
  const to = Math.min(b ? Number(b) : from + 262143, total - 1);
  const body = Buffer.alloc(to - from + 1);
  for (let i = 0; i < body.length; i += 1) {
    const at = from + i;
    body[i] = at < 44 ? head[at] : 128 + 20 * Math.sin((at - 44) * 0.2) * (Math.sin(at / 4000) > 0 ? 1 : 0.1);
  }
  response.writeHead(206, { 'Content-Type': 'audio/wav', 'Accept-Ranges': 'bytes', 'Content-Range': `bytes ${from}-${to}/${total}` });
  response.end(body);
}

/** @returns {Promise<any>} */
async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

async function api(request, response, path) {
  const [, , name, ...rest] = path.split('/');
  const at = study(name);
  const url = new URL(request.url, 'http://localhost');
  const say = (/** @type {unknown} */ value, status = 200) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (rest[0] === 'audio') return tone(request, response, at.durationMs);
  if (trouble.delay) await new Promise((done) => setTimeout(done, trouble.delay));
  if (trouble.fail) return say({ message: 'trouble' }, trouble.fail);
  if (!request.headers.authorization?.startsWith('Bearer ')) return say({}, 401);
  if (rest[0] === 'codebooks') return say(at.book);
  if (rest[0] === 'recordings') {
    const peaks = Array.from({ length: 4000 }, (_, i) => Math.abs(Math.sin(i * 0.7) * Math.sin(i * 0.013)));
    return say({ per_second: 4000 / (at.durationMs / 1000), peaks });
  }
  if (rest[0] === 'ops') {
    const { since, ops } = await body(request);
    const acked = [];
    const refused = [];
    for (const op of ops) {
      const problem = applyOp(at, op);
      if (problem) refused.push({ op_id: op.op_id, ...problem });
      else acked.push(op.op_id);
    }
    return say({ rev: at.rev, acked, refused, delta: [...at.codings.values()].filter((coding) => coding.rev > since) });
  }
  if (rest[2] === 'text') return say(at.text);
  if (rest[2] === 'words') return say(at.words);
  if (rest[2] === 'codings') {
    const since = Number(url.searchParams.get('since'));
    return say({ rev: at.rev, codings: [...at.codings.values()].filter((coding) => coding.rev > since) });
  }
  return say({ message: 'no such route' }, 404);
}

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  try {
    if (path === '/control') {
      Object.assign(trouble, await body(request));
      return response.end('{}');
    }
    if (path.startsWith('/api/')) return await api(request, response, path);
    if (path === '/setup') {
      const name = new URL(request.url ?? '', 'http://localhost').searchParams.get('study') ?? '60-40';
      return response.end(JSON.stringify({ coders: CODERS, durationMs: study(name).durationMs }));
    }
    const inside = path.startsWith('/static/') ? join(assets, normalize(path.slice(8))) : join(here, path === '/' ? 'page.html' : normalize(path));
    const content = await readFile(inside);
    response.writeHead(200, { 'Content-Type': TYPES[extname(inside)] ?? 'text/plain' });
    response.end(content);
  } catch (error) {
    response.writeHead(404);
    response.end(String(error));
  }
});
server.listen(Number(process.argv[2] ?? 8600), 'localhost', () => console.log(`http://localhost:${server.address().port}/`));
