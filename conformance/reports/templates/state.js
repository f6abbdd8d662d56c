/* The cases, the filters, and both in the address: `#verdict=FAIL,ERROR&interface=order&version=…&case=…`. */
const FILTERS = ["verdict", "interface", "version", "blame", "rule", "erratum", "waived", "q"];

const CASES = DATA.cases.map((raw, index) => {
  const findings = [...raw[16], ...raw[17].flatMap((step) => step[10])];
  return {
    raw,
    index,
    id: TABLE[raw[0]],
    version: TABLE[raw[2]],
    interface: TABLE[raw[3]],
    title: TABLE[raw[4]] || TABLE[raw[1]] || TABLE[raw[0]],
    verdict: DATA.verdicts[raw[5]],
    findings,
  };
}).sort((one, other) => other.raw[5] - one.raw[5] || one.index - other.index); /* the worst first */
const BY_ID = new Map(CASES.map((item) => [item.id, item]).reverse());

function readFinding(raw) {
  const judged = ["TARGET", "CLIENT"].includes(DATA.blames[raw[4]]) && DATA.verdicts[raw[1]] !== "ERROR";
  return {
    evident: judged, /* a fault of the configuration or of the suite rests on no evidence of the contract */
    rule: TABLE[raw[0]],
    verdict: DATA.verdicts[raw[1]],
    counted: DATA.verdicts[raw[2]],
    level: DATA.levels[raw[3]],
    blame: DATA.blames[raw[4]],
    grade: DATA.grades[raw[5]],
    origin: TABLE[raw[6]],
    path: raw[7].map((part) => (Array.isArray(part) ? part[0] : TABLE[part])),
    coordinate: TABLE[raw[8]],
    message: TABLE[raw[9]],
    expected: TABLE[raw[10]],
    actual: TABLE[raw[11]],
    source: TABLE[raw[12]],
    position: raw[13] ? { file: TABLE[raw[13][0]], line: raw[13][1], column: raw[13][2] } : null,
    fix: TABLE[raw[14]],
    waived: TABLE[raw[15]],
  };
}

function readStep(raw) {
  return {
    name: TABLE[raw[0]],
    operation: TABLE[raw[1]],
    kind: TABLE[raw[2]],
    skipped: TABLE[raw[3]],
    status: raw[4],
    elapsed: raw[5],
    verdict: DATA.verdicts[raw[6]],
    document: raw[7],
    variables: raw[8],
    response: raw[9],
    findings: raw[10].map(readFinding),
  };
}

function readCase(item) {
  const { raw } = item;
  return {
    ...item,
    scenario: TABLE[raw[1]],
    target: TABLE[raw[6]],
    profiles: raw[7].map((at) => TABLE[at]),
    tags: raw[8].map((at) => TABLE[at]),
    source: TABLE[raw[9]],
    example: TABLE[raw[10]],
    file: TABLE[raw[11]],
    errata: raw[12].map((at) => TABLE[at]),
    evidence: raw[13].map(([grade, count]) => [TABLE[grade], count]),
    skipped: TABLE[raw[14]],
    elapsed: raw[15],
    own: raw[16].map(readFinding),
    steps: raw[17].map(readStep),
  };
}

/* What free search looks at; made when the first search asks for it. */
function haystack(item) {
  if (item.hay === undefined) {
    const { raw } = item;
    const texts = [raw[0], raw[1], raw[2], raw[3], raw[4], raw[9], raw[10], raw[11], raw[14], ...raw[7], ...raw[8], ...raw[12]];
    for (const step of raw[17]) texts.push(step[0], step[1]);
    for (const finding of item.findings) texts.push(finding[0], finding[8], finding[9], finding[12]);
    item.hay = texts.map((at) => TABLE[at]).join("\n").toLowerCase();
  }
  return item.hay;
}

function parseHash(hash) {
  const state = {};
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const at = pair.indexOf("=");
    if (at > 0) state[pair.slice(0, at)] = decode(pair.slice(at + 1));
  }
  return state;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/* Keeps commas and brackets readable; whatever could end or split the address is encoded. */
const encode = (text) => encodeURIComponent(text).replace(/%2C/g, ",").replace(/%5B/g, "[").replace(/%5D/g, "]").replace(/%3A/g, ":").replace(/%40/g, "@");

function makeHash(state) {
  const pairs = [...FILTERS, "case", "contradiction"].filter((name) => state[name]).map((name) => `${name}=${encode(state[name])}`);
  return `#${pairs.join("&")}`;
}

const verdictsOf = (state) => new Set((state.verdict || "").split(",").filter((name) => WORDS[name]));

/* Does a case pass all filters, or all but one of them? */
function passes(item, state, verdicts, words, except) {
  if (except !== "verdict" && verdicts.size && !verdicts.has(item.verdict)) return false;
  if (except !== "interface" && state.interface && item.interface !== state.interface) return false;
  if (except !== "version" && state.version && item.version !== state.version) return false;
  if (state.erratum && !item.raw[12].some((at) => TABLE[at] === state.erratum)) return false;
  if (state.waived && !item.findings.some((finding) => TABLE[finding[15]])) return false;
  if (!findingPasses(item, state, except)) return false;
  return words.every((word) => haystack(item).includes(word));
}

/* Blame and rule must meet in one finding. */
function findingPasses(item, state, except) {
  const blame = except === "blame" ? "" : state.blame;
  const rule = except === "rule" ? "" : state.rule;
  if (!blame && !rule) return true;
  return item.findings.some((finding) => (!blame || DATA.blames[finding[4]] === blame) && (!rule || TABLE[finding[0]] === rule));
}

function select(state, except) {
  const verdicts = verdictsOf(state);
  const words = (state.q || "").toLowerCase().split(/\s+/).filter(Boolean);
  return CASES.filter((item) => passes(item, state, verdicts, words, except));
}
