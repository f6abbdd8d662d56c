/* The list, the filters, the keyboard, and what the address asks for. */
const CHUNK = 120;
const byId = (id) => document.getElementById(id);
const listElement = byId("list");
const caseElement = byId("case");
let state = {};
let shown = [];
let first = 0;
let rendered = 0;
let openCase = null;
let scrollBefore = 0;
let isListed = false;
let lastOpened = null;

function worstMessage(item) {
  let worst = null;
  for (const finding of item.findings) if (finding[2] > 2 && (!worst || finding[2] > worst[2])) worst = finding;
  if (worst) return [h("b", { class: "mono" }, visible(TABLE[worst[0]])), ` ${visible(TABLE[worst[9]])}`];
  if (item.verdict !== "SKIP") return null;
  const step = item.raw[17].find((raw) => TABLE[raw[3]]);
  return [visible(TABLE[item.raw[14]] || (step ? TABLE[step[3]] : ""))];
}

function row(item, at) {
  const note = worstMessage(item);
  const count = item.findings.length;
  const waived = item.findings.filter((finding) => TABLE[finding[15]]).length;
  const uncounted = waived ? `, ${waived === count ? "" : `${waived} `}not counted` : "";
  const link = h("a", { class: "row", href: makeHash({ ...state, case: item.id, contradiction: "" }), "data-at": at },
    badge(item.verdict),
    h("span", { class: "row-main" }, h("span", { class: "row-title" }, visible(item.title)), h("span", { class: "row-id mono" }, visible(item.id)),
      note ? h("span", { class: "row-note" }, ...note) : null),
    h("span", { class: "row-side" }, h("span", { class: "mono" }, `${visible(item.interface)} ${visible(item.version)}`),
      h("span", { class: "dim" }, count ? `${count} finding${count === 1 ? "" : "s"}${uncounted}` : "")));
  if (item === openCase) link.setAttribute("aria-current", "true");
  return h("li", { "aria-posinset": at + 1, "aria-setsize": shown.length }, link);
}

function rows(from, to) {
  const part = document.createDocumentFragment();
  for (let at = from; at < to; at += 1) part.append(row(shown[at], at));
  return part;
}

/* The list holds the rows from `first` to `rendered`; more come as one scrolls, or asks for earlier ones. */
function renderUpTo(wanted) {
  const end = Math.min(shown.length, Math.max(wanted, rendered));
  listElement.append(rows(rendered, end));
  rendered = end;
  byId("sentinel").hidden = rendered >= shown.length;
}

function renderFrom(wanted) {
  const start = Math.max(0, Math.min(wanted, first));
  byId("earlier").after(rows(start, first));
  first = start;
  byId("earlier").hidden = !first;
  byId("earlier-button").textContent = `Show ${Math.min(first, CHUNK).toLocaleString("en")} of ${first.toLocaleString("en")} earlier cases`;
}

/* Makes sure that a row is in the list. One far away begins a new list around it, so that 10,000 cases open as fast as ten. */
function reveal(at) {
  if (at > rendered + 3 * CHUNK || at < first - 3 * CHUNK) {
    clearList(Math.max(0, at - CHUNK / 2));
    renderFrom(first);
  }
  if (at < first) renderFrom(at - CHUNK / 2);
  renderUpTo(at + CHUNK / 3);
}

function clearList(start) {
  first = start;
  rendered = start;
  const button = h("button", { type: "button", id: "earlier-button", class: "fold", onclick: showEarlier });
  listElement.replaceChildren(h("li", { id: "earlier", hidden: !start }, button));
}

function showEarlier() {
  const was = first;
  renderFrom(first - CHUNK);
  focusRow(was - 1);
}

function renderList() {
  isListed = true;
  shown = select(state);
  clearList(0);
  renderUpTo(CHUNK);
  const total = CASES.length.toLocaleString("en");
  const count = shown.length === CASES.length ? `${total} case${CASES.length === 1 ? "" : "s"}` : `${shown.length.toLocaleString("en")} of ${total} cases`;
  byId("count").textContent = count;
  if (!shown.length) listElement.append(h("li", { class: "empty" }, CASES.length ? "No case passes these filters." : "This run has no cases."));
}

new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting) && rendered < shown.length) renderUpTo(rendered + CHUNK);
}, { rootMargin: "600px" }).observe(byId("sentinel"));

/* ---- filters ---- */

const distinct = (values) => [...new Set(values)].sort();
const SELECTS = [
  ["interface", "Interface", distinct(CASES.map((item) => item.interface))],
  ["version", "Version", distinct(CASES.map((item) => item.version))],
  ["blame", "Whose fault", distinct(CASES.flatMap((item) => item.findings.map((finding) => DATA.blames[finding[4]])))],
  ["rule", "Rule", distinct(CASES.flatMap((item) => item.findings.map((finding) => TABLE[finding[0]])))],
];

function buildFilters() {
  const verdicts = DATA.verdicts.filter((verdict) => CASES.some((item) => item.verdict === verdict)).reverse();
  byId("chips").append(...verdicts.map((verdict) => h("button", { type: "button", class: `chip v-${verdict}`, "data-verdict": verdict, "aria-pressed": "false",
    onclick: () => toggleVerdict(verdict) }, icon(verdict), `${WORDS[verdict]} `, h("span", { class: "n" }))));
  for (const [name, title, values] of SELECTS) {
    if (!values.length) continue;
    const label = (value) => (name === "blame" ? value[0] + value.slice(1).toLowerCase() : visible(value));
    const box = h("select", { id: `f-${name}`, onchange: (event) => filter({ [name]: event.target.value }) },
      h("option", { value: "" }, "All"), ...values.map((value) => h("option", { value }, label(value))));
    byId("selects").append(h("label", {}, h("span", {}, title), box));
  }
  byId("q").addEventListener("input", (event) => filter({ q: event.target.value.trim() }));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => filter(Object.fromEntries(FILTERS.map((name) => [name, ""]))));
  byId("filters").hidden = !CASES.length;
}

function toggleVerdict(verdict) {
  const chosen = verdictsOf(state);
  if (!chosen.delete(verdict)) chosen.add(verdict);
  filter({ verdict: [...chosen].join(",") });
}

/* A filter changes the address without a new entry in the history: going back leaves the case, not the last letter typed. */
function filter(change) {
  replaceHash(makeHash({ ...state, ...change }));
  apply();
}

function replaceHash(hash) {
  try {
    history.replaceState(null, "", hash);
  } catch {
    location.hash = hash; /* some browsers allow only so many replacements in a time */
  }
}

function showFilters() {
  const chosen = verdictsOf(state);
  const counts = {};
  for (const item of select(state, "verdict")) counts[item.verdict] = (counts[item.verdict] || 0) + 1;
  for (const chip of byId("chips").children) {
    chip.setAttribute("aria-pressed", String(chosen.has(chip.dataset.verdict)));
    chip.querySelector(".n").textContent = (counts[chip.dataset.verdict] || 0).toLocaleString("en");
  }
  for (const [name] of SELECTS) {
    const box = byId(`f-${name}`);
    if (!box) continue;
    const value = state[name] || "";
    if (value && ![...box.options].some((option) => option.value === value)) box.append(h("option", { value }, visible(value)));
    box.value = value;
    box.closest("label").classList.toggle("on", Boolean(value));
  }
  if (byId("q").value.trim() !== (state.q || "")) byId("q").value = state.q || "";
  const extra = [state.erratum && `touching contradiction ${state.erratum}`, state.waived && "with findings that do not count"].filter(Boolean).join(", ");
  byId("clear").hidden = !FILTERS.some((name) => state[name]);
  byId("clear").textContent = extra ? `Clear filters (${visible(extra)})` : "Clear filters";
}

/* ---- the open case ---- */

function caseNav() {
  const at = shown.indexOf(openCase);
  const beside = (step, label, text) => {
    const other = at < 0 ? null : shown[at + step];
    if (!other) return h("span", { class: "dim" }, text);
    return h("a", { href: makeHash({ ...state, case: other.id }), onclick: (event) => { event.preventDefault(); replaceCase(other); }, "aria-label": `${label}: ${other.title}` }, text);
  };
  return h("nav", { class: "case-nav", "aria-label": "Cases" },
    h("a", { class: "back", href: makeHash({ ...state, case: "" }) }, "← All cases"),
    h("span", { class: "dim" }, at < 0 ? "not among the filtered cases" : `${(at + 1).toLocaleString("en")} of ${shown.length.toLocaleString("en")}`),
    beside(-1, "Previous case", "‹ Previous"), beside(1, "Next case", "Next ›"));
}

function replaceCase(item) {
  replaceHash(makeHash({ ...state, case: item.id }));
  apply();
}

function showCase(item) {
  if (!openCase) scrollBefore = window.scrollY;
  openCase = item;
  lastOpened = item;
  document.body.classList.add("has-case");
  caseElement.replaceChildren(caseNav(), renderCase(item));
  caseElement.hidden = false;
  markCurrent();
  window.scrollTo(0, 0);
  byId("case-title").focus({ preventScroll: true });
}

function showUnknown(id) {
  openCase = null;
  document.body.classList.add("has-case");
  caseElement.replaceChildren(h("nav", { class: "case-nav", "aria-label": "Cases" }, h("a", { class: "back", href: makeHash({ ...state, case: "" }) }, "← All cases")),
    h("h2", { id: "case-title", tabindex: "-1" }, "This run has no such case"), h("p", {}, mono(id)));
  caseElement.hidden = false;
}

function hideCase() {
  const was = openCase;
  openCase = null;
  document.body.classList.remove("has-case");
  caseElement.hidden = true;
  caseElement.replaceChildren();
  markCurrent();
  if (!was) return;
  window.scrollTo(0, scrollBefore);
  const at = shown.indexOf(was);
  if (at >= 0) focusRow(at);
}

function markCurrent() {
  for (const link of listElement.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  const at = openCase ? shown.indexOf(openCase) : -1;
  if (at < 0) return;
  reveal(at);
  const link = listElement.querySelector(`[data-at="${at}"]`);
  link.setAttribute("aria-current", "true");
  const box = byId("list-scroll");
  if (box.scrollHeight > box.clientHeight) box.scrollTop = link.parentElement.offsetTop - box.clientHeight / 3;
}

function focusRow(at) {
  reveal(at);
  const link = listElement.querySelector(`[data-at="${at}"]`);
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest" });
}

function step(by) {
  if (!shown.length) return;
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.at : undefined;
  const base = openCase ? shown.indexOf(openCase) : focused !== undefined ? Number(focused) : lastOpened ? shown.indexOf(lastOpened) : -1;
  const at = base < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.max(0, Math.min(shown.length - 1, base + by));
  if (openCase) { if (shown[at] !== openCase) replaceCase(shown[at]); } else focusRow(at);
}

function stepFinding(by) {
  const cards = [...caseElement.querySelectorAll(".finding")];
  if (!cards.length) return;
  const at = cards.indexOf(document.activeElement);
  const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : (at + by + cards.length) % cards.length];
  next.scrollIntoView({ block: "center" });
  next.focus({ preventScroll: true });
}

/* ---- the address ---- */

function apply() {
  const before = state;
  state = parseHash(location.hash);
  if (FILTERS.some((name) => (before[name] || "") !== (state[name] || "")) || !isListed) renderList();
  showFilters();
  const item = state.case ? BY_ID.get(state.case) : null;
  if (item && item !== openCase) showCase(item);
  else if (item) { caseElement.querySelector(".case-nav").replaceWith(caseNav()); markCurrent(); } else if (state.case) showUnknown(state.case);
  else if (!caseElement.hidden) hideCase();
  if (state.contradiction) showContradiction(state.contradiction);
}

function showContradiction(id) {
  const target = [...document.querySelectorAll(".erratum")].find((element) => element.dataset.erratum === id);
  if (!target) return;
  target.open = true;
  target.scrollIntoView({ block: "start" });
  target.querySelector("summary").focus({ preventScroll: true });
  flash(target);
}

window.addEventListener("hashchange", () => {
  const wasOpen = openCase;
  apply();
  const asksForList = FILTERS.some((name) => state[name]) && !state.case && !state.contradiction;
  if (!wasOpen && asksForList) byId("cases").scrollIntoView({ block: "start" });
});

byId("home").addEventListener("click", (event) => {
  event.preventDefault();
  history.pushState(null, "", location.pathname + location.search);
  apply();
  window.scrollTo(0, 0);
});

/* ---- keyboard, theme ---- */

const stored = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch { /* storage may be closed to files */ }
  return null;
};

const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]");
const KEYS = {
  "/": () => { if (openCase) location.hash = makeHash({ ...state, case: "" }); byId("q").focus(); byId("q").select(); },
  j: () => step(1),
  k: () => step(-1),
  n: () => stepFinding(1),
  p: () => stepFinding(-1),
  "?": () => byId("keys-button").click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (event.target === byId("q")) byId("q").blur();
    else if (state.case) location.hash = makeHash({ ...state, case: "" });
    return;
  }
  if (isTyping(event.target) || !byId("keys-on").checked || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

byId("keys-on").checked = stored("bwp-keys") !== "off";
byId("keys-on").addEventListener("change", (event) => stored("bwp-keys", event.target.checked ? "on" : "off"));
byId("keys-button").addEventListener("click", () => {
  const keys = byId("keys");
  keys.hidden = !keys.hidden;
  byId("keys-button").setAttribute("aria-expanded", String(!keys.hidden));
});

const THEMES = ["system", "light", "dark"];
function showTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  byId("theme-button").textContent = `Theme: ${theme}`;
}
showTheme(document.documentElement.dataset.theme || "system");
byId("theme-button").addEventListener("click", () => {
  const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme || "system") + 1) % THEMES.length];
  stored("bwp-theme", theme);
  showTheme(theme);
});

/* What is folded away on the screen is printed. */
window.addEventListener("beforeprint", () => { for (const box of document.querySelectorAll("details.erratum, details.erratum-note")) box.open = true; });

buildFilters();
apply();
document.documentElement.dataset.ready = "yes";
