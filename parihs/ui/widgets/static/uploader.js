// @ts-check
/**
 * Streams recordings to the server, several at once, with progress and cancel.
 *
 * Data: {token, accept, label, hint}. Each file is one PUT that the server writes to disk as it
 * arrives. State back: `received` = how many files this page has sent, so that the page looks again.
 */

import { make } from "./parts.js";

/** @type {WeakMap<HTMLElement, {data: any, count: number}>} */
const mounted = new WeakMap();

/** @param {number} bytes */
const size = (bytes) =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e6 ? `${(bytes / 1e6).toFixed(0)} MB` : `${Math.ceil(bytes / 1e3)} kB`;

/** @param {File} file @param {{data: any}} state @param {HTMLElement} list @param {() => void} done */
function send(file, state, list, done) {
  const row = make("li", "pu-file");
  const name = make("span", "pu-name", file.name);
  const status = make("span", "pu-status", `0 of ${size(file.size)}`);
  const bar = /** @type {HTMLProgressElement} */ (make("progress", ""));
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `Sending ${file.name}`);
  const stop = /** @type {HTMLButtonElement} */ (make("button", "pu-stop", "Cancel"));
  stop.type = "button";
  row.append(name, bar, status, stop);
  list.append(row);
  const request = new XMLHttpRequest();
  const end = (/** @type {string} */ message, /** @type {boolean} */ good) => {
    bar.remove();
    stop.remove();
    status.textContent = message;
    row.classList.toggle("pu-bad", !good);
    row.setAttribute("role", "status");
  };
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.loaded;
    status.textContent =
      event.loaded < file.size ? `${size(event.loaded)} of ${size(file.size)}` : "Checking the file…";
  });
  request.addEventListener("load", () => {
    let answer = { message: "", hint: "", error: null };
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer.message = "The server did not answer as expected.";
    }
    if (request.status !== 200) end(`${answer.message} ${answer.hint}`, false);
    else if (answer.error) end(String(answer.error), false);
    else end("Received", true);
    done();
  });
  request.addEventListener("error", () => {
    end("The connection was lost before the whole file arrived; nothing was saved. Choose it again.", false);
    done();
  });
  request.addEventListener("abort", () => {
    end("Cancelled; nothing was saved.", false);
    done();
  });
  stop.addEventListener("click", () => request.abort());
  request.open("PUT", `/api/uploads?filename=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("Authorization", `Bearer ${state.data.token}`);
  request.send(file);
}

/** @param {any} component */
export default function mount(component) {
  const { data, parentElement, setStateValue } = component;
  const known = mounted.get(parentElement);
  if (known) {
    known.data = data;
    return;
  }
  const state = { data, count: 0 };
  mounted.set(parentElement, state);
  const zone = make("label", "pu-zone");
  const input = /** @type {HTMLInputElement} */ (make("input", "pu-input"));
  input.type = "file";
  input.multiple = true;
  input.accept = data.accept;
  zone.append(make("strong", "", data.label), make("span", "", data.hint), input);
  const list = make("ul", "pu-list");
  let running = 0;
  const start = (/** @type {FileList | null | undefined} */ files) => {
    for (const file of files ?? []) {
      running += 1;
      send(file, state, list, () => {
        running -= 1;
        state.count += 1;
        if (running === 0) setStateValue("received", state.count);
      });
    }
  };
  input.addEventListener("change", () => {
    start(input.files);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"])
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("pu-over");
    });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("pu-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    start(event.dataTransfer?.files);
  });
  parentElement.append(zone, list);
}
