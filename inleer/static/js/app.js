/* Small comforts on every page. Each page works without this file. */

const root = document.documentElement;
root.classList.add("js");

/** Show a message in the region that screen readers announce. `tone` is ok, warn, bad or info. */
export function announce(text, tone = "info") {
  const region = document.getElementById("meldingen");
  if (!region) return;
  const tones = { ok: "ok", warn: "warning", bad: "error", info: "info" };
  const box = document.createElement("div");
  box.className = `utrecht-alert utrecht-alert--${tones[tone]}`;
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  region.classList.add("flash--now");
  region.replaceChildren(box);
}

/** Move the focus to where a changed part of the page asks for it: an error summary, else what is marked. */
function focusWhatNeedsYou(scope) {
  const target = scope.querySelector("[data-focus]");
  if (target) target.focus();
}

/* A menu is a details element: one open at a time, closed by Escape or a click elsewhere. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement?.closest("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

/* Fields that only matter for some answers. */
function showConditional(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const answers = new FormData(form).getAll(part.dataset.when);
    const wanted = part.dataset.is.split(" ");
    part.hidden = !answers.some((answer) => wanted.includes(answer));
  }
}

/* Leaving a changed form asks first. */
const changed = new Set();
window.addEventListener("beforeunload", (event) => {
  for (const form of changed) {
    if (form.isConnected) event.preventDefault();
  }
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  if (form.matches("[data-unsaved]")) changed.add(form);
  showConditional(form);
});

/* A destructive button asks in words; a double click sends a form once. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    const refused = (question && !window.confirm(question)) || form.dataset.sent === "yes";
    if (refused) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    changed.delete(form);
    if (form.method === "post" && !form.matches("[data-register]")) {
      form.dataset.sent = "yes";
      window.setTimeout(() => delete form.dataset.sent, 4000);
    }
  },
  true,
);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

/* The meaning of a term can be put away with Escape, also while the pointer is on it. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) term.classList.add("is-closed");
});
for (const moment of ["pointerover", "focusin"]) {
  document.addEventListener(moment, (event) => {
    for (const term of document.querySelectorAll(".term.is-closed")) {
      if (!term.contains(event.target)) term.classList.remove("is-closed");
    }
  });
}

/* Ctrl+K (⌘K) goes to the search box: that of the page, else that of the header, else to the page with the box. */
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const boxes = [...document.querySelectorAll("main [data-search], .topbar [data-search]")].filter((b) => b.offsetParent);
  const box = boxes.find((b) => b.closest("main")) ?? boxes[0];
  const link = document.querySelector("[data-search-link]");
  if (!box && !link) return;
  event.preventDefault();
  if (!box) {
    link.click();
    return;
  }
  box.focus();
  box.select();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/* htmx: send the token, keep the reader informed, put the focus where it belongs. */
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt instanceof HTMLFormElement) delete event.detail.elt.dataset.sent;
});
document.addEventListener("htmx:afterSwap", (event) => {
  setUp(event.detail.target);
  focusWhatNeedsYou(event.detail.target);
});
const failures = document.getElementById("meldingen")?.dataset ?? {};
document.addEventListener("htmx:responseError", () => announce(failures.failed ?? "", "bad"));
document.addEventListener("htmx:sendError", () => announce(failures.offline ?? "", "bad"));

function setUp(scope) {
  const forms = scope instanceof HTMLFormElement ? [scope] : scope.querySelectorAll("form");
  for (const form of forms) showConditional(form);
}

setUp(document);
focusWhatNeedsYou(document);
