/* One case: its facts, and each step with findings, request and answer. */
const BLAMES = {
  TARGET: "The target: what it answered breaks the contract",
  CLIENT: "The client: what it sent breaks the contract",
  CONFIGURATION: "The configuration of this run",
  ENVIRONMENT: "The environment: network, throttling or an expired token",
  SUITE: "This suite: its scenario, contract or code is at fault; not held against the target",
};
const GRADES = {
  specification: "demanded by GraphQL or HTTP itself",
  page: "stated on a reference page",
  example: "shown by a documented example",
  guide: "read from a guide; unconfirmed, so it can only warn",
  changelog: "read from the changelog; unconfirmed, so it can only warn",
  inferred: "inferred by this suite; unconfirmed, so it can only warn",
};
const SEVERITY = ["ERROR", "FAIL", "WARN", "SKIP", "INFO", "PASS"];
const LEFT_OUT = -2;
const milliseconds = (value) => (value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${value.toLocaleString("en")} ms`);

const fact = (name, ...value) => h("div", {}, h("dt", {}, name), h("dd", {}, ...value));
const mono = (text) => h("span", { class: "mono" }, breakable(visible(text)));
const wideFact = (...parts) => { const element = fact(...parts); element.className = "wide"; return element; };
const textFact = (name, text) => (text ? fact(name, mono(text)) : null);

function renderCase(item) {
  const data = readCase(item);
  const article = document.createDocumentFragment();
  article.append(
    h("header", { class: "case-head" },
      h("h2", { id: "case-title", tabindex: "-1" }, badge(data.verdict), h("span", {}, visible(data.title))),
      h("p", { class: "case-id" }, mono(data.id), copyButton(() => data.id, "Copy the id of the case"),
        copyButton(() => location.href.split("#")[0] + makeHash({ case: data.id }), "Copy a link to the case", "Link"))),
    caseFacts(data),
  );
  if (data.skipped) article.append(callout("SKIP", "Skipped, and so not judged", h("p", {}, visible(data.skipped))));
  for (const id of data.errata) article.append(erratumCallout(id));
  if (data.own.length) {
    article.append(h("section", { class: "step" }, h("h3", {}, "The case as a whole"), findingList(numbered(data.own, 0), null)));
  }
  let number = data.own.length;
  data.steps.forEach((step, at) => {
    article.append(renderStep(data, step, at, number));
    number += step.findings.length;
  });
  if (!data.steps.length && !data.skipped) article.append(h("p", { class: "dim" }, "This case has no steps."));
  return article;
}

function caseFacts(data) {
  const total = data.evidence.reduce((sum, [, count]) => sum + count, 0);
  const strength = ([grade]) => DATA.grades.indexOf(grade);
  const evidence = [...data.evidence].sort((one, other) => strength(one) - strength(other)).map(([grade, count]) => `${grade} ${count.toLocaleString("en")}`).join(", ");
  return h("dl", { class: "facts wide" },
    textFact("Interface", data.interface), textFact("Contract", data.version), textFact("Target", data.target),
    textFact("Page", data.source), data.example && data.example !== data.title ? fact("Documented example", visible(data.example)) : null,
    textFact("Scenario", data.file || data.scenario), textFact("Profiles", data.profiles.join(", ")), textFact("Tags", data.tags.join(", ")),
    total ? fact("Judged on", `${visible(evidence)} (coordinates by grade)`) : null,
    data.elapsed ? fact("Took", milliseconds(data.elapsed)) : null);
}

function callout(verdict, title, ...body) {
  return h("div", { class: `callout w-${verdict}` }, h("p", { class: "callout-title" }, icon(verdict), h("b", {}, title)), ...body);
}

/* The contradiction is written once, in its own section; here stands a copy of it. */
function erratumCallout(id) {
  const source = [...document.querySelectorAll(".erratum")].find((element) => element.dataset.erratum === id);
  const title = source ? source.querySelector("h3").textContent : id;
  const box = h("details", { class: "callout w-WARN erratum-note" },
    h("summary", {}, icon("WARN"), h("span", {}, h("b", {}, "The documentation contradicts itself: "), visible(title))));
  if (source) box.append(source.querySelector(".erratum-body").cloneNode(true));
  box.append(h("p", {}, h("a", { href: makeHash({ contradiction: id }) }, "All contradictions")));
  return box;
}

function numbered(findings, start) {
  return findings
    .map((finding, at) => ({ finding, at }))
    .sort((one, other) => SEVERITY.indexOf(one.finding.counted) - SEVERITY.indexOf(other.finding.counted) || one.at - other.at)
    .map(({ finding }, at) => ({ ...finding, number: start + at + 1 }));
}

function renderStep(data, step, at, start) {
  const findings = numbered(step.findings, start);
  const kind = step.kind === "event" ? "Event" : "Step";
  const head = h("h3", {}, h("span", { class: "step-no" }, `${kind} ${at + 1}`), h("span", {}, visible(step.name)), badge(step.verdict));
  const about = [step.operation && step.operation !== step.name ? mono(step.operation) : null,
    step.status === null ? null : h("span", {}, `HTTP ${step.status}`), step.elapsed ? h("span", {}, milliseconds(step.elapsed)) : null].filter(Boolean);
  const section = h("section", { class: "step" }, h("div", { class: "step-head" }, head, about.length ? h("p", { class: "dim about" }, ...about) : null));
  if (step.skipped) section.append(callout("SKIP", "This step was not judged", h("p", {}, visible(step.skipped))));
  const panes = renderPanes(data, step, findings, section);
  if (findings.length) section.append(findingList(findings, panes));
  else if (!step.skipped) section.append(h("p", { class: "clean" }, icon("PASS"), "Nothing was found here."));
  section.append(panes);
  return section;
}

/* Request at the left, answer at the right; an event alone. */
function renderPanes(data, step, findings, section) {
  const go = (mark) => focusFinding(section, mark.number);
  const isEvent = step.kind === "event";
  const request = h("div", { class: "side" });
  const answer = h("div", { class: "side" });
  if (step.document >= 0) {
    const sent = TABLE[step.document];
    const marks = documentMarks(findings);
    const shown = marks.length ? sent : layOut(sent); /* the lines of findings are those of what was sent */
    request.append(codePane("Document", { lines: graphqlLines(shown, marks), copy: () => shown }, go));
  }
  if (step.variables >= 0) request.append(jsonPane("Variables", step.variables, pathMarks(findings, ["variables", "request"]), go));
  if (step.document >= 0) request.append(curlBox(data, step));
  const title = isEvent ? "Event" : "Answer";
  if (step.response >= 0) {
    const extra = step.status === null ? null : h("span", { class: "dim" }, `HTTP ${step.status}`);
    answer.append(jsonPane(title, step.response, pathMarks(findings, isEvent ? ["event", "response"] : ["response"]), go, extra));
  } else if (!step.skipped && !isEvent && step.response !== LEFT_OUT) answer.append(h("p", { class: "dim" }, "No answer is recorded."));
  if ([step.document, step.variables, step.response].includes(LEFT_OUT)) {
    answer.append(h("p", { class: "dim" }, "Request and answer are left out to keep this file small; run.jsonl has them under this case id."));
  }
  const sides = [request, answer].filter((side) => side.childElementCount);
  return h("div", { class: sides.length === 2 ? "panes two" : "panes" }, ...sides);
}

function jsonPane(title, index, marks, go, extra) {
  const entry = TABLE[index];
  if (typeof entry === "string") {
    const lines = entry.split("\n").map((line, at) => ({ depth: 0, parts: [["", visible(line)]], marks: at ? [] : marks }));
    return codePane(title, { lines, copy: () => entry }, go, extra);
  }
  return codePane(title, { lines: jsonLines(index, marks), copy: () => jsonText(index, 2) }, go, extra);
}

function pathMarks(findings, origins) {
  return findings.filter((finding) => origins.includes(finding.origin) && finding.path.length).map((finding) => ({
    path: finding.path[0] === "variables" && finding.origin !== "response" ? finding.path.slice(1) : finding.path,
    number: finding.number, verdict: finding.counted, rule: finding.rule, note: finding.message,
  }));
}

function documentMarks(findings) {
  return findings.filter((finding) => finding.position && finding.position.line && finding.position.file === "document").map((finding) => ({
    line: finding.position.line, number: finding.number, verdict: finding.counted, rule: finding.rule, note: finding.message,
  }));
}

function findingList(findings, panes) {
  return h("ol", { class: "findings" }, ...findings.map((finding) => findingCard(finding, panes)));
}

/* `panes` show the request and the answer, where the finding may be marked. */
function findingCard(finding, panes) {
  const place = finding.position;
  const where = finding.path.length ? formatPath(finding.path) : "";
  const jump = h("button", { type: "button", class: "jump mono", onclick: () => focusMark(panes, finding.number) }, breakable(where));
  const hasMark = panes && where && panes.querySelector(`[data-mark="${finding.number}"]`);
  const compared = finding.expected || finding.actual;
  return h("li", { class: `finding m-${finding.counted}`, "data-finding": finding.number, tabindex: "-1" },
    h("div", { class: "finding-head" }, h("span", { class: "no" }, finding.number), badge(finding.counted),
      h("b", { class: "mono" }, visible(finding.rule)), h("span", { class: "level" }, finding.level),
      h("p", { class: "message" }, breakable(visible(finding.message)))),
    finding.waived ? callout("INFO", `Does not count (${WORDS[finding.verdict].toLowerCase()} otherwise)`, h("p", {}, visible(finding.waived))) : null,
    compared ? h("dl", { class: "compare" },
      finding.expected ? h("div", { class: "expected" }, h("dt", {}, "Expected"), h("dd", { class: "mono" }, visible(finding.expected))) : null,
      finding.actual ? h("div", { class: "actual" }, h("dt", {}, "Actual"), h("dd", { class: "mono" }, visible(finding.actual))) : null) : null,
    h("dl", { class: "pairs" },
      where ? wideFact("Where", `${visible(finding.origin)} `, hasMark ? jump : mono(where)) : textFact("Where", finding.origin),
      textFact("Coordinate", finding.coordinate),
      finding.evident ? fact("Evidence", h("i", { class: `key g-${finding.grade}`, "aria-hidden": "true" }), `${finding.grade}: ${GRADES[finding.grade]}`) : null,
      textFact("Source", finding.source),
      fact("Whose fault", BLAMES[finding.blame]),
      finding.fix ? fact("Fix", visible(finding.fix)) : null,
      place ? textFact("Place", [place.file, place.line || null, place.column || null].filter((part) => part !== null).join(":")) : null));
}

function flash(element) {
  element.classList.remove("flash");
  void element.offsetWidth;
  element.classList.add("flash");
}

function focusFinding(section, number) {
  const card = section.querySelector(`[data-finding="${number}"]`);
  if (!card) return;
  card.scrollIntoView({ block: "center" });
  card.focus({ preventScroll: true });
  flash(card);
}

function focusMark(panes, number) {
  const mark = panes.querySelector(`[data-mark="${number}"]`);
  if (!mark) return;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
  flash(mark.closest(".note"));
}

/* ---- curl ---- */

const shellQuote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curlLine(data, step) {
  const body = step.variables >= 0
    ? `{"query":${JSON.stringify(TABLE[step.document])},"variables":${jsonText(step.variables, 0)}}`
    : `{"query":${JSON.stringify(TABLE[step.document])}}`;
  const version = /^\d{4}-\d{2}-\d{2}$/.test(data.version) ? [`  -H ${shellQuote(`x-api-version: ${data.version}`)}`] : [];
  return ["curl -sS \"$BWP_ENDPOINT\"", "  -H \"Authorization: Bearer $BWP_TOKEN\"", "  -H \"x-api-target-id: $BWP_TARGET_ID\"", ...version,
    "  -H 'Content-Type: application/json'", `  --data-binary ${shellQuote(body)}`].join(" \\\n");
}

function curlBox(data, step) {
  const text = curlLine(data, step);
  const box = h("details", { class: "curl" }, h("summary", {}, "curl command"));
  box.append(h("div", { class: "pane-head" },
    h("p", { class: "dim" }, "Set BWP_ENDPOINT, BWP_TOKEN and BWP_TARGET_ID first."), copyButton(() => text, "Copy curl command")),
  h("pre", { class: "code", tabindex: "0" }, visible(text)));
  return box;
}
