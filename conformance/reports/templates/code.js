/* Elements, embedded values, and the panes that show JSON and GraphQL. Text reaches the page as text nodes only. */
const DATA = JSON.parse(document.getElementById("data").textContent);
const TABLE = DATA.table;
const WORDS = { PASS: "Pass", INFO: "Info", SKIP: "Skipped", WARN: "Warning", FAIL: "Fail", ERROR: "Error" };
const SVG = "http://www.w3.org/2000/svg";

function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function icon(verdict) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon v-${verdict}`);
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${verdict}`);
  svg.append(use);
  return svg;
}

const badge = (verdict) => h("span", { class: `badge v-${verdict}` }, icon(verdict), WORDS[verdict]);

/* Characters that are invisible or turn the reading order are spelt out, so that nothing on the page is other than it seems. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const visible = (text) => text.replace(HIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

function formatPath(path) {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text ? `.${part}` : part;
    else text += `[${JSON.stringify(part)}]`;
  }
  return visible(text);
}

/* A path or coordinate that may be broken before each of its parts. */
function breakable(text) {
  return text.split(/(?=\.[A-Za-z_]|\[)/).flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part]));
}

/* ---- values of the table ---- */

const isObject = (entry) => Array.isArray(entry) && entry[0] >= 0;
const isList = (entry) => Array.isArray(entry) && entry[0] === -1;

function scalarText(entry) {
  if (Array.isArray(entry)) return TABLE[entry[1]];
  return typeof entry === "string" ? visible(JSON.stringify(entry)) : String(entry);
}

function jsonText(index, indent, pad = "") {
  const entry = TABLE[index];
  const inner = pad + " ".repeat(indent);
  const line = indent ? "\n" : "";
  const gap = indent ? " " : "";
  if (isObject(entry)) {
    const keys = DATA.shapes[entry[0]];
    if (!keys.length) return "{}";
    const items = keys.map((key, at) => `${indent ? inner : ""}${JSON.stringify(TABLE[key])}:${gap}${jsonText(entry[at + 1], indent, inner)}`);
    return `{${line}${items.join(`,${line}`)}${line}${indent ? pad : ""}}`;
  }
  if (isList(entry)) {
    if (entry.length === 1) return "[]";
    const items = entry.slice(1).map((item) => `${indent ? inner : ""}${jsonText(item, indent, inner)}`);
    return `[${line}${items.join(`,${line}`)}${line}${indent ? pad : ""}]`;
  }
  return Array.isArray(entry) ? TABLE[entry[1]] : JSON.stringify(entry);
}

/* Where a path leads: how many of its parts exist in the value. */
function reach(index, path) {
  let at = index;
  for (let depth = 0; depth < path.length; depth += 1) {
    const entry = TABLE[at];
    const part = path[depth];
    let next;
    if (isObject(entry)) {
      const keys = DATA.shapes[entry[0]].map((key) => TABLE[key]);
      const exact = keys.indexOf(String(part));
      const place = exact < 0 ? keys.findIndex((key) => visible(key) === part) : exact; /* findings spell out what is hidden */
      next = place < 0 ? undefined : entry[place + 1];
    } else if (isList(entry) && typeof part === "number") next = entry[part + 1];
    if (next === undefined) return depth;
    at = next;
  }
  return path.length;
}

/* The lines of a JSON value. `marks` are {path, number, verdict, note}; one for a missing place gets a line of its own where the value would stand. */
function jsonLines(root, marks) {
  const here = new Map();
  const missing = new Map();
  const open = new Set();
  for (const mark of marks) {
    const found = reach(root, mark.path);
    for (let depth = 0; depth <= found; depth += 1) open.add(JSON.stringify(mark.path.slice(0, depth)));
    const target = found === mark.path.length ? here : missing;
    const key = JSON.stringify(mark.path.slice(0, found));
    if (!target.has(key)) target.set(key, []);
    target.get(key).push({ ...mark, rest: mark.path.slice(found) });
  }
  const lines = [];
  const add = (depth, parts, attached) => lines.push({ depth, parts, marks: attached || [] });
  const walk = (index, path, depth, lead, tail) => {
    const entry = TABLE[index];
    const key = JSON.stringify(path);
    const attached = here.get(key);
    const gone = missing.get(key) || [];
    const object = isObject(entry);
    if (!object && !isList(entry)) {
      add(depth, [...lead, [kindOf(entry), scalarText(entry)], ["p", tail]], [...(attached || []), ...gone]);
      return;
    }
    const short = open.has(key) || !depth ? null : inlineParts(index, INLINE_WIDTH);
    if (short) {
      add(depth, [...lead, ...short, ["p", tail]]);
      return;
    }
    const [begin, end] = object ? "{}" : "[]";
    const keys = object ? DATA.shapes[entry[0]] : null;
    const size = entry.length - 1;
    if (!size && !gone.length) {
      add(depth, [...lead, ["p", begin + end + tail]], attached);
      return;
    }
    add(depth, [...lead, ["p", begin]], attached);
    for (let at = 0; at < size; at += 1) {
      const name = object ? TABLE[keys[at]] : at;
      const label = object ? [["k", visible(JSON.stringify(name))], ["p", ": "]] : [];
      walk(entry[at + 1], [...path, name], depth + 1, label, at < size - 1 ? "," : "");
    }
    for (const mark of gone) add(depth + 1, [["ghost", `${formatPath(mark.rest)} is missing here`]], [mark]);
    add(depth, [["p", end + tail]]);
  };
  walk(root, [], 0, [], "");
  return lines;
}

/* A small value on one line, or null when it is wider than there is room for. */
function inlineParts(index, room) {
  const entry = TABLE[index];
  if (!isObject(entry) && !isList(entry)) {
    const text = scalarText(entry);
    return text.length > room ? null : [[kindOf(entry), text]];
  }
  const keys = isObject(entry) ? DATA.shapes[entry[0]] : null;
  if (entry.length === 1) return [["p", keys ? "{}" : "[]"]];
  const parts = [["p", keys ? "{ " : "["]];
  let left = room - 4;
  for (let at = 1; at < entry.length; at += 1) {
    if (keys) parts.push(["k", visible(JSON.stringify(TABLE[keys[at - 1]]))], ["p", ": "]);
    const value = inlineParts(entry[at], left);
    if (!value) return null;
    parts.push(...value);
    if (at < entry.length - 1) parts.push(["p", ", "]);
    left = room - 4 - parts.reduce((sum, [, text]) => sum + text.length, 0);
    if (left < 0) return null;
  }
  parts.push(["p", keys ? " }" : "]"]);
  return parts;
}

function kindOf(entry) {
  if (typeof entry === "string") return "s";
  return entry === null || typeof entry === "boolean" ? "b" : "n";
}

/* ---- GraphQL ---- */

const GRAPHQL = /(#[^\n]*)|("""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*")|(\$[A-Za-z_]\w*)|(@[A-Za-z_]\w*)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.\.\.)|([A-Za-z_]\w*)|([{}()[\]:,!=|&])|(\s+)|([\s\S])/g;
const GRAPHQL_KINDS = ["c", "s", "v", "d", "n", "p", "w", "p", "space", "x"];
const GRAPHQL_KEYWORDS = new Set(["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]);

function graphqlTokens(text) {
  const tokens = [];
  for (const match of text.matchAll(GRAPHQL)) {
    const at = match.slice(1).findIndex((group) => group !== undefined);
    tokens.push([GRAPHQL_KINDS[at], match[0]]);
  }
  const solid = tokens.filter(([kind]) => kind !== "space" && kind !== "c");
  solid.forEach((token, at) => {
    if (token[0] !== "w") return;
    const next = solid[at + 1];
    if (GRAPHQL_KEYWORDS.has(token[1]) && !(next && next[1] === ":")) token[0] = "b";
    else if (next && next[1] === ":") token[0] = "a";
    else if (/^[A-Z]/.test(token[1])) token[0] = "t";
    else token[0] = "f";
  });
  return tokens;
}

/* A document written on one line, as the documentation prints its examples, is laid out anew; any other stays as it is. */
function layOut(text) {
  if (text.trim().includes("\n") || text.length < 60 || text.includes("#")) return text;
  try {
    return new Layout(graphqlTokens(text).filter(([kind, value]) => kind !== "space" && value !== ",")).document();
  } catch {
    return text; /* no GraphQL: shown as it was sent */
  }
}

class Layout {
  constructor(tokens) {
    this.tokens = tokens.map(([, value]) => value);
    this.at = 0;
  }

  peek() { return this.tokens[this.at]; }

  take(wanted) {
    const value = this.tokens[this.at];
    if (value === undefined || (wanted && value !== wanted)) throw new SyntaxError("unexpected token");
    this.at += 1;
    return value;
  }

  document() {
    const definitions = [];
    while (this.peek() !== undefined) {
      let head = "";
      while (this.peek() !== "{") {
        if (this.peek() === "(") head += this.group("(", ")", () => this.pair(1), 0);
        else head += (head ? " " : "") + this.take();
      }
      definitions.push(`${head}${head ? " " : ""}${this.selection(0)}`);
    }
    return definitions.join("\n\n");
  }

  selection(depth) {
    this.take("{");
    const items = [];
    while (this.peek() !== "}") items.push("  ".repeat(depth + 1) + this.field(depth + 1));
    this.take("}");
    return `{\n${items.join("\n")}\n${"  ".repeat(depth)}}`;
  }

  field(depth) {
    let text = this.take();
    if (text === "...") {
      if (this.peek() === "on") text += ` ${this.take()} ${this.take()}`;
      else if (/^\w/.test(this.peek())) text += this.take();
    } else if (this.peek() === ":") text += `${this.take()} ${this.take()}`;
    if (this.peek() === "(") text += this.group("(", ")", () => this.pair(depth + 1), depth);
    text += this.directives(depth);
    return this.peek() === "{" ? `${text} ${this.selection(depth)}` : text;
  }

  directives(depth) {
    let text = "";
    while ((this.peek() || "").startsWith("@")) {
      text += ` ${this.take()}`;
      if (this.peek() === "(") text += this.group("(", ")", () => this.pair(depth + 1), depth);
    }
    return text;
  }

  pair(depth) {
    let text = `${this.take()}${this.take(":")} ${this.value(depth)}`;
    if (this.peek() === "=") text += ` ${this.take()} ${this.value(depth)}`;
    return text + this.directives(depth);
  }

  value(depth) {
    let text;
    if (this.peek() === "{") text = this.group("{", "}", () => this.pair(depth + 1), depth);
    else if (this.peek() === "[") text = this.group("[", "]", () => this.value(depth + 1), depth);
    else text = this.take();
    return this.peek() === "!" ? text + this.take() : text;
  }

  /* On one line when it is short, else an item a line. */
  group(open, close, item, depth) {
    this.take(open);
    const items = [];
    while (this.peek() !== close) items.push(item());
    this.take(close);
    const space = open === "{" && items.length ? " " : "";
    const short = `${open}${space}${items.join(", ")}${space}${close}`;
    if (short.length <= 64 && !short.includes("\n")) return short;
    const pad = "  ".repeat(depth + 1);
    return `${open}\n${items.map((text) => pad + text).join("\n")}\n${"  ".repeat(depth)}${close}`;
  }
}

function graphqlLines(text, marks) {
  const lines = [];
  let parts = [];
  const flush = () => {
    const number = lines.length + 1;
    lines.push({ depth: 0, parts, marks: marks.filter((mark) => mark.line === number), number });
    parts = [];
  };
  for (const [kind, value] of graphqlTokens(text.trimEnd())) {
    value.split("\n").forEach((piece, at) => {
      if (at) flush();
      if (piece) parts.push([kind === "space" ? "" : kind, visible(piece)]);
    });
  }
  flush();
  return lines;
}

/* ---- panes ---- */

const INLINE_WIDTH = 58;
const FOLD_ABOVE = 90;
const FOLD_CONTEXT = 9;
const FOLD_STEP = 1000;

function lineElement(line, onMark) {
  const row = h("div", { class: line.marks.length ? `ln marked m-${line.marks[0].verdict}` : "ln" });
  if (line.number) row.dataset.n = line.number;
  row.style.setProperty("--d", line.depth);
  row.append("  ".repeat(line.depth));
  for (const [kind, text] of line.parts) row.append(kind ? h("span", { class: `t-${kind}` }, text) : text);
  const notes = line.marks.map((mark) => {
    const note = h("div", { class: `note m-${mark.verdict}` });
    note.style.setProperty("--d", line.depth);
    note.append(h("button", { type: "button", "data-mark": mark.number, onclick: () => onMark(mark) },
      h("span", { class: "no" }, mark.number), h("span", { class: "sr" }, "Finding. "), h("b", {}, visible(mark.rule)), ` ${visible(mark.note)}`));
    return note;
  });
  return [row, ...notes];
}

function fillLines(pane, lines, onMark) {
  if (lines.length <= FOLD_ABOVE) {
    pane.append(...lines.flatMap((line) => lineElement(line, onMark)));
    return;
  }
  const keep = new Set();
  const around = (at, before, after) => { for (let i = Math.max(0, at - before); i < Math.min(lines.length, at + after); i += 1) keep.add(i); };
  around(0, 0, lines.some((line) => line.marks.length) ? 5 : 70);
  around(lines.length - 1, 2, 1);
  lines.forEach((line, at) => { if (line.marks.length) around(at, FOLD_CONTEXT, FOLD_CONTEXT + 1); });
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (end < lines.length && keep.has(end) === keep.has(at)) end += 1;
    const part = lines.slice(at, end);
    if (keep.has(at) || part.length < 8) pane.append(...part.flatMap((line) => lineElement(line, onMark)));
    else pane.append(foldButton(part, onMark));
    at = end;
  }
}

/* Lines that no finding concerns wait behind a button, many of them in several portions. */
function foldButton(lines, onMark) {
  const fold = h("button", { type: "button", class: "fold" }, `Show ${lines.length.toLocaleString("en")} more lines`);
  fold.addEventListener("click", () => {
    const shown = lines.slice(0, FOLD_STEP).flatMap((line) => lineElement(line, onMark));
    const rest = lines.slice(FOLD_STEP);
    fold.replaceWith(...shown, ...(rest.length ? [foldButton(rest, onMark)] : []));
    shown[0].tabIndex = -1;
    shown[0].focus();
  });
  return fold;
}

/* A titled pane of code with a copy button. `content` is {lines, copy}. */
function codePane(title, content, onMark, extra) {
  const pane = h("div", { class: "code", tabindex: "0", role: "region", "aria-label": title });
  fillLines(pane, content.lines, onMark);
  return h("section", { class: "pane" },
    h("div", { class: "pane-head" }, h("h4", {}, title), extra, copyButton(content.copy, `Copy ${title.toLowerCase()}`)), pane);
}

const announce = (text) => { document.getElementById("announce").textContent = text; };

function copyButton(makeText, label, word = "Copy") {
  const button = h("button", { type: "button", class: "copy", "aria-label": label }, word);
  button.addEventListener("click", async () => {
    const done = await copyText(makeText());
    button.textContent = done ? "Copied" : "Copy failed";
    announce(done ? "Copied" : "The browser did not allow copying");
    setTimeout(() => { button.textContent = word; }, 1600);
  });
  return button;
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "sr", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
