/* The attendance register: letters and arrow keys, each card saved on its own, nothing lost when saving fails.
   Without this file the same form is sent as a whole. The contract is told in components/README.md. */

const register = document.querySelector("form[data-register]");
const texts = register ? JSON.parse(register.dataset.texts) : {};
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
const RETRY_SECONDS = [2, 4, 8, 16, 30];
/* per enrolment: { sending, waits (for minutes), failed, refused (409, 422), tries, timer } */
const jobs = new Map();

const cards = () => [...register.querySelectorAll("[data-enrolment]")];
const cardOf = (element) => element.closest("[data-enrolment]");
const cardById = (id) => register.querySelector(`[data-enrolment="${CSS.escape(id)}"]`);
const radios = (card) => [...card.querySelectorAll("input[data-code]")];
const chosen = (card) => radios(card).find((radio) => radio.checked);
const minutesOf = (card) => card.querySelector('input[name^="minutes-"]');
const nameOf = (card) => card.querySelector(".cell__name").textContent.trim();
const job = (id) => jobs.get(id) ?? jobs.set(id, { tries: 0 }).get(id);
const pending = () => [...jobs.values()].filter((one) => one.sending || one.failed || one.timer || one.waits);

function values(card) {
  return {
    status: chosen(card)?.value ?? "",
    minutes: minutesOf(card)?.value ?? "",
    note: card.querySelector('input[name^="note-"]')?.value ?? "",
  };
}

/* ---- saving ---- */

async function save(card) {
  const id = card.dataset.enrolment;
  const one = job(id);
  window.clearTimeout(one.timer);
  one.timer = undefined;
  one.waits = false;
  if (one.sending) return; /* accept() sees that something changed meanwhile and saves again */
  const sent = values(card);
  one.sending = true;
  show(card, "is-saving", texts.saving);
  const outcome = await send(card, sent);
  one.sending = false;
  const now = cardById(id);
  if (!now) return;
  now.classList.remove("is-saving");
  if (outcome.fragment) accept(now, outcome, sent);
  else fail(now, outcome);
  refresh();
}

function post(card, sent) {
  const body = new URLSearchParams({ ...sent, version: card.dataset.version, csrf_token: register.elements.csrf_token.value });
  return fetch(card.dataset.url, {
    method: "POST", body, credentials: "same-origin", keepalive: true, redirect: "manual",
    headers: { "HX-Request": "true", Accept: "text/html" },
  });
}

async function parsed(response) {
  const holder = document.createElement("template");
  holder.innerHTML = await response.text();
  return holder;
}

/** Who logged in again in another tab has a new token: take it over from a fresh copy of this page. */
async function renewToken() {
  /* not register.action: the buttons are named so */
  const response = await fetch(register.getAttribute("action"), { credentials: "same-origin", redirect: "manual" });
  if (response.status !== 200) return false;
  const token = (await parsed(response)).content.querySelector('[data-register] [name="csrf_token"]')?.value;
  if (!token) return false;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  return true;
}

async function send(card, sent) {
  try {
    let response = await post(card, sent);
    if (response.status === 400) {
      if (!(await renewToken())) return { status: 401 };
      response = await post(card, sent);
    }
    if (response.status === 401) {
      return { status: 401, words: (await parsed(response)).content.querySelector("[data-session-ended]") };
    }
    if (![200, 409, 422].includes(response.status)) return { status: response.status || 401 };
    const holder = await parsed(response);
    const fragment = holder.content.querySelector(`[data-enrolment="${CSS.escape(card.dataset.enrolment)}"]`);
    return fragment ? { status: response.status, fragment } : { status: response.status === 200 ? 401 : response.status };
  } catch {
    return { status: 0 };
  }
}

function accept(card, { status, fragment }, sent) {
  const one = job(card.dataset.enrolment);
  one.tries = 0;
  one.failed = false;
  one.refused = status !== 200;
  const typed = values(card);
  const same = JSON.stringify(typed) === JSON.stringify(sent);
  if (!same && status !== 409) {
    /* Typed on meanwhile: keep that, take over the version, save again. */
    setVersion(card, fragment.dataset.version);
    save(card);
    return;
  }
  replace(card, fragment);
  if (status === 409) fragment.scrollIntoView({ block: "nearest" }); /* both buttons above the bar at the bottom */
  if (!same) apply(fragment, typed); /* a conflict is shown first, with the latest choice */
  tell(fragment, status);
}

function apply(card, { status, minutes, note }) {
  for (const radio of radios(card)) radio.checked = radio.value === status;
  if (minutesOf(card)) minutesOf(card).value = minutes;
  const field = card.querySelector('input[name^="note-"]');
  if (field) field.value = note;
}

function setVersion(card, version) {
  card.dataset.version = version;
  card.querySelector("[data-version-field]").value = version;
}

function replace(card, fragment) {
  const active = card.contains(document.activeElement) ? document.activeElement : null;
  const open = card.querySelector(".cell__note")?.open;
  const selection = active?.type === "text" ? [active.selectionStart, active.selectionEnd] : null;
  card.replaceWith(fragment);
  if (open && fragment.querySelector(".cell__note")) fragment.querySelector(".cell__note").open = true;
  if (!active) return;
  const again = active.id && fragment.querySelector(`#${CSS.escape(active.id)}`);
  (again || fragment.querySelector("summary, input"))?.focus({ preventScroll: true });
  if (again && selection) again.setSelectionRange(...selection);
}

function tell(card, status) {
  const name = nameOf(card);
  const word = chosen(card)?.getAttribute("aria-label")?.slice(2) ?? "";
  const text = { 200: chosen(card) ? texts.announce : texts.cleared, 409: texts.conflict, 422: texts.invalid }[status];
  register.querySelector("[data-announce]").textContent = fill(text, { name, status: word });
  if (status === 200) {
    /* the clock of the server, as in the cards: that of this device may be wrong */
    register.querySelector("[data-saved]").hidden = false;
    register.querySelector("[data-saved-text]").textContent = fill(texts.saved, { time: card.dataset.time });
  }
}

function fail(card, { status, words }) {
  const one = job(card.dataset.enrolment);
  one.failed = true;
  const temporary = status === 0 || status === 429 || status >= 500;
  const reason = temporary ? texts.offline : status === 401 ? texts.session : texts.refused;
  show(card, "is-failed", texts.failed);
  explain(card, reason, words);
  if (temporary) {
    const wait = RETRY_SECONDS[Math.min(one.tries, RETRY_SECONDS.length - 1)];
    one.tries += 1;
    one.timer = window.setTimeout(() => save(cardById(card.dataset.enrolment) ?? card), wait * 1000);
  }
}

function show(card, state, words) {
  card.classList.remove("is-saving", "is-failed");
  card.classList.add(state);
  card.querySelector("[data-state]").textContent = words;
  if (state === "is-saving") card.querySelector(".cell__failed")?.remove();
}

/** Say why it failed: in the words of the server when it gave any (with a link), else in ours. */
function explain(card, reason, given) {
  card.querySelector(".cell__failed")?.remove();
  const box = document.createElement("div");
  box.className = "cell__failed";
  box.setAttribute("role", "alert");
  const words = given ?? document.createElement("p");
  if (!given) words.textContent = reason;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "utrecht-button utrecht-button--secondary-action btn--small";
  button.textContent = texts.retry;
  button.addEventListener("click", () => save(card));
  const line = document.createElement("p");
  line.append(button);
  box.append(words, line);
  card.append(box);
}

function refresh() {
  const all = cards();
  const filled = all.filter((card) => chosen(card) || card.querySelector(".cell__locked")).length;
  /* Chosen, but not recorded yet: it waits for its minutes, or the server refused it. */
  const unsaved = all.filter((card) => chosen(card) && (jobs.get(card.dataset.enrolment)?.waits || jobs.get(card.dataset.enrolment)?.refused)).length;
  const waiting = pending().filter((one) => one.failed).length;
  register.querySelector("[data-progress]").textContent = fill(texts.progress, { n: filled - unsaved, total: all.length });
  const bulk = register.querySelector("[data-bulk]");
  if (bulk) {
    bulk.textContent = fill(texts.bulk, { n: all.length - filled });
    bulk.disabled = filled === all.length;
  }
  const chip = register.querySelector("[data-waiting]");
  chip.hidden = waiting === 0;
  register.querySelector("[data-waiting-text]").textContent = fill(texts.waiting, { n: waiting });
  for (const card of all) card.classList.toggle("is-empty", !chosen(card));
}

/* ---- choosing ---- */

function choose(radio) {
  if (!radio.checked) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** Make a card empty again. What was never stored only leaves the screen. */
function clear(card) {
  apply(card, { status: "", minutes: "", note: "" });
  const one = job(card.dataset.enrolment);
  one.waits = false;
  if (card.dataset.version.startsWith("0-")) {
    window.clearTimeout(one.timer);
    Object.assign(one, { timer: undefined, failed: false, refused: false });
    card.classList.remove("has-error", "is-failed");
    card.querySelector(".cell__errors, .cell__failed")?.remove();
    if (!one.sending) card.querySelector("[data-state]").textContent = "";
    refresh();
    return;
  }
  refresh();
  save(card);
}

function onClear(event) {
  const button = event.target.closest("[data-clear]");
  if (!button) return;
  event.preventDefault();
  const card = cardOf(button);
  radios(card)[0].focus();
  clear(card);
}

function onChange(event) {
  const card = cardOf(event.target);
  if (!card) return;
  if (!event.target.matches("[data-code]")) {
    save(card);
    return;
  }
  refresh();
  const minutes = minutesOf(card);
  const needsMinutes = event.target.hasAttribute("data-takes-minutes");
  if (!needsMinutes) minutes.value = "";
  if (needsMinutes && minutes.value === "") {
    job(card.dataset.enrolment).waits = true; /* saved with the minutes, or on leaving the card */
    minutes.focus();
    refresh();
    return;
  }
  save(card);
}

function onFocusOut(event) {
  const card = cardOf(event.target);
  if (!card || card.contains(event.relatedTarget)) return;
  if (job(card.dataset.enrolment).waits) save(card);
}

/** A conflict: keep what was chosen here, or take over what is stored. Either way it is saved again. */
function onKeep(event) {
  const button = event.target.closest("[data-keep]");
  if (!button) return;
  const card = cardOf(button);
  if (button.dataset.keep === "theirs") apply(card, card.querySelector("[data-conflict]").dataset);
  (chosen(card) ?? radios(card)[0]).focus();
  save(card);
}

/* ---- keys ---- */

function go(card, step) {
  const all = cards().filter((one) => radios(one).length);
  const next = all[all.indexOf(card) + step];
  if (!next) return;
  (chosen(next) ?? radios(next)[0]).focus();
  next.scrollIntoView({ block: "nearest" });
}

function onRadioKey(event, card) {
  const list = radios(card);
  const letter = list.find((radio) => radio.dataset.code === event.key.toUpperCase());
  if (letter) {
    choose(letter);
    if (!letter.hasAttribute("data-takes-minutes") || minutesOf(card).value !== "") go(card, 1);
    else minutesOf(card).focus();
    return true;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    clear(card);
    return true;
  }
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (sideways) {
    list[(list.indexOf(event.target) + sideways + list.length) % list.length].focus();
    return true;
  }
  if (event.key === "Enter") {
    choose(event.target);
    if (!event.target.hasAttribute("data-takes-minutes")) go(card, 1);
    return true;
  }
  return onLineKey(event, card);
}

function onLineKey(event, card) {
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  if (!step) return false;
  go(card, step);
  return true;
}

function onKey(event) {
  const card = cardOf(event.target);
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const onRadio = event.target.matches("[data-code]");
  const handled = onRadio ? onRadioKey(event, card) : event.target.matches("input") && onLineKey(event, card);
  if (handled) event.preventDefault();
}

/* ---- leaving ---- */

let leaving = false;

function onLeave(event) {
  const unsaved = pending().length || [...jobs.values()].some((one) => one.refused);
  if (unsaved && !leaving) event.preventDefault();
}

/** Sending the whole form waits for the cards that are on their way; what cannot be saved is shown. */
async function onSubmit(event) {
  if (!pending().length) {
    leaving = true;
    return;
  }
  event.preventDefault();
  const submitter = event.submitter;
  for (const card of cards()) {
    const one = job(card.dataset.enrolment);
    if (one.waits || one.failed) save(card);
  }
  for (let tries = 0; tries < 40 && pending().some((one) => one.sending); tries += 1) {
    await new Promise((done) => window.setTimeout(done, 100));
  }
  if (!pending().length) register.requestSubmit(submitter);
  else register.querySelector(".cell__failed, [data-waiting]")?.scrollIntoView({ block: "center" });
}

if (register) {
  register.addEventListener("change", onChange);
  register.addEventListener("focusout", onFocusOut);
  register.addEventListener("click", onKeep);
  register.addEventListener("click", onClear);
  register.addEventListener("keydown", onKey);
  register.addEventListener("submit", onSubmit);
  window.addEventListener("beforeunload", onLeave);
  window.addEventListener("online", () => {
    for (const card of cards()) if (job(card.dataset.enrolment).failed) save(card);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  refresh();
}
