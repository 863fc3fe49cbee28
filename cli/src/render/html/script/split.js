// A split by hand: where everything goes, in which order the crates stand, and what units the package becomes. The rules are
// those of `what-if` (`analyzer/src/plan/what_if/arrange.rs`, `plan/predict/split.rs`, `simulate/replace.rs`); a test compares
// the seconds with its own.

// A fix moves no more of a crate than this; above it the package that stays lies below who needs it.
const MOST_OF_CRATE = 1 / 3;
const TICKS = 1e7;

// A copy of a layout that may be changed: `modules` and `apart` say which crate each takes, by position; the one that keeps
// the package's name comes behind the last.
function layoutOf(bench, at) {
  const from = bench.layouts[at];
  const numbers = (of) => new Map(Object.entries(of).map(([key, value]) => [Number(key), value]));
  return { names: from.names.slice(), modules: numbers(from.modules), apart: numbers(from.apart) };
}

function crateOfModule(map, layout, module) {
  for (let at = module; at !== undefined; at = map.parent(at)) {
    const krate = layout.modules.get(at);
    if (krate !== undefined) return krate;
  }
  return layout.names.length;
}

function placePieces(map, bench, layout) {
  const known = new Map();
  const ofModule = (module) => {
    if (!known.has(module)) known.set(module, crateOfModule(map, layout, module));
    return known.get(module);
  };
  return bench.pieces.map((piece, at) => {
    const own = layout.apart.get(at);
    if (own !== undefined) return own;
    const along = piece.follows === undefined ? undefined : layout.apart.get(piece.follows);
    return along === undefined ? ofModule(piece.module) : along;
  });
}

function* groupArcs(bench) {
  let at = 0;
  for (let group = 0; group < bench.groups.length; group++) {
    const end = at + 1 + 3 * bench.arcs[at];
    for (at += 1; at < end; at += 3) yield [group, bench.arcs[at], bench.arcs[at + 1], bench.arcs[at + 2]];
  }
}

// References between crates, as a map from 'from,to' to their number.
function quotient(bench, ofPiece, residual) {
  const arcs = new Map();
  const add = (from, to, count) => {
    if (from === to) return;
    const key = from * (residual + 1) + to;
    arcs.set(key, (arcs.get(key) || 0) + count);
  };
  for (const [from, to, count] of groupArcs(bench)) add(ofPiece[bench.groups[from]], ofPiece[bench.groups[to]], count);
  bench.binaries.forEach(([piece, count]) => add(residual, ofPiece[piece], count));
  return [...arcs].map(([key, count]) => [Math.floor(key / (residual + 1)), key % (residual + 1), count])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

// Whether the package stays on top though some crates need what it keeps: where that is little, it can be moved or cut.
function littleIsNeeded(bench, ofPiece, residual) {
  const stays = (group) => ofPiece[bench.groups[group]] === residual;
  const out = bench.groups.map(() => []);
  const queue = [];
  for (const [from, to] of groupArcs(bench)) {
    out[from].push(to);
    if (!stays(from) && stays(to)) queue.push(to);
  }
  const followers = bench.pieces.map(() => []);
  bench.groups.forEach((piece, group) => bench.pieces[piece].hosts?.forEach((host) => followers[host].push(group)));
  const needed = bench.groups.map(() => false);
  while (queue.length) {
    const group = queue.pop();
    if (needed[group]) continue;
    needed[group] = true;
    queue.push(...out[group].concat(followers[bench.groups[group]]).filter(stays));
  }
  const lines = (of) => bench.group_lines.reduce((sum, lines, group) => sum + (of(group) ? lines : 0), 0);
  return lines((group) => needed[group]) <= lines(stays) * MOST_OF_CRATE;
}

// The place of each crate in the order, 0 at the bottom.
function levels(arcs, residual, onTop) {
  const counted = arcs.filter(([, to]) => !onTop || to !== residual);
  const order = feedbackOrder(residual + 1, counted).reverse();
  const place = [];
  order.forEach((node, at) => { place[node] = at; });
  const above = new Array(residual + 1).fill(false);
  above[residual] = true;
  if (!onTop) {
    for (const node of order) {
      if (arcs.some(([from, to]) => from === node && place[to] < place[node] && above[to])) above[node] = true;
    }
  }
  const others = order.filter((node) => node !== residual);
  const sorted = others.filter((node) => !above[node]).concat([residual], others.filter((node) => above[node]));
  const level = [];
  sorted.forEach((node, at) => { level[node] = at; });
  return level;
}

// Everything placed and ordered: crates with dependencies first, what runs against the order, and the cycles.
function arrange(map, bench, layout) {
  const residual = layout.names.length;
  const ofPiece = placePieces(map, bench, layout);
  let arcs = quotient(bench, ofPiece, residual);
  const level = levels(arcs, residual, littleIsNeeded(bench, ofPiece, residual));
  const asNamed = ofPiece.slice();
  let orphans = 0;
  bench.pieces.forEach((piece, at) => {
    if (!piece.hosts || piece.hosts.some((host) => asNamed[host] === asNamed[at])) return;
    orphans += 1;
    ofPiece[at] = piece.hosts.map((host) => asNamed[host]).reduce((a, b) => (level[b] > level[a] ? b : a));
  });
  if (orphans) arcs = quotient(bench, ofPiece, residual);
  const used = new Set(ofPiece).add(residual);
  const order = [...used].sort((a, b) => level[a] - level[b]);
  const id = new Map(order.map((position, at) => [position, at]));
  const crates = order.map((position) => ({
    position, residual: position === residual, lines: 0, pieces: [], dependsOn: [],
    name: position === residual ? bench.package : layout.names[position],
  }));
  bench.pieces.forEach((piece, at) => {
    const krate = crates[id.get(ofPiece[at])];
    krate.lines += piece.lines;
    krate.pieces.push(at);
  });
  const below = new Set();
  const back = [];
  // References of binaries count as the residual crate's; it depends on all below it anyway.
  for (const [from, to, count] of arcs) {
    if (level[from] > level[to]) below.add(id.get(from) * crates.length + id.get(to));
    else back.push([id.get(from), id.get(to), count]);
  }
  const top = id.get(residual);
  for (let at = 0; at < top; at++) below.add(top * crates.length + at);
  [...below].sort((a, b) => a - b).forEach((key) => {
    crates[Math.floor(key / crates.length)].dependsOn.push(key % crates.length);
  });
  const quotientArcs = arcs.map(([from, to, count]) => [id.get(from), id.get(to), count]);
  return {
    crates, residual: top, ofPiece: ofPiece.map((position) => id.get(position)), arcs: quotientArcs, back, orphans,
    cycles: condense(crates.length, quotientArcs).filter((scc) => scc.length > 1),
    pairs: backPairs(bench, ofPiece, level),
  };
}

// Pairs of items of which one refers to the other against the order.
function backPairs(bench, ofPiece, level) {
  let all = 0;
  for (const [from, to, , pairs] of groupArcs(bench)) {
    const [a, b] = [ofPiece[bench.groups[from]], ofPiece[bench.groups[to]]];
    if (level[a] < level[b]) all += pairs;
  }
  return all;
}

// For each crate, which others it reaches.
function reached(crates) {
  const below = [];
  for (const krate of crates) {
    const mine = new Set(krate.dependsOn);
    krate.dependsOn.forEach((on) => below[on].forEach((further) => mine.add(further)));
    below.push(mine);
  }
  return below;
}

function sumOf(crates, own) {
  return crates.map((krate) => krate.pieces.reduce(
    ([front, code], at) => [front + own[2 * at] / TICKS, code + own[2 * at + 1] / TICKS], [0, 0]));
}

function total(costs) {
  return costs.reduce((sum, cost) => [sum[0] + cost[0], sum[1] + cost[1]], [0, 0]);
}

function partOfCodegen(own, all, exponent) {
  return own > 0 && all > own ? all * (own / all) ** exponent : own;
}

function sortedDependencies(dependencies) {
  const sorted = dependencies.slice().sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return sorted.filter((one, at) => at === 0 || one[0] !== sorted[at - 1][0] || one[1] !== sorted[at - 1][1]);
}

// Which of the old unit's dependencies each crate waits for; null for all of them.
function inherited(bench, mode, arrangement, old) {
  const packageOf = new Map(mode.packages);
  const used = arrangement.crates.map((krate) => new Set(krate.pieces.flatMap((at) => bench.needs[at])));
  const uses = (at, on) => !packageOf.has(on) || used[at].has(packageOf.get(on));
  const unused = (on) => !used.some((_, at) => uses(at, on));
  return arrangement.crates.map((krate, at) => {
    if (krate.residual && links(old)) return null;
    return old.dependencies.map(([on]) => on).filter((on) => uses(at, on) || (krate.residual && unused(on)));
  });
}

// Units that depend on crates of the plan themselves.
function directUsers(bench, mode, arrangement, unit, all) {
  const direct = new Map();
  const { residual, crates, ofPiece } = arrangement;
  if (!all && residual + 1 === crates.length) return direct;
  bench.users.forEach((user, at) => {
    const pieces = all ? user.pieces : user.structural;
    const used = [...new Set(pieces.map((piece) => ofPiece[piece]))].filter((id) => all || id > residual);
    if (!used.length) return;
    used.sort((a, b) => a - b);
    mode.users[at].filter((other) => other !== unit).forEach((other) => direct.set(other, all ? used : [residual, ...used]));
  });
  return direct;
}

// One unit becomes those of the crates (`simulate/replace.rs`).
function replaceUnit(units, unit, crates, fresh, facade, direct) {
  const old = units[unit];
  let next = units.length;
  const ids = crates.map((_, at) => (at === facade ? unit : next++));
  const after = units.slice();
  crates.forEach((krate, at) => {
    const here = at === facade, linked = here && links(old);
    const part = fresh[at];
    const own = old.dependencies
      .filter(([on]) => part.inherited === null || part.inherited.includes(on))
      .map(([on, kind]) => (here || !links(old) ? [on, kind] : [on, links(units[on]) ? ALL : METADATA]));
    const siblings = krate.dependsOn.map((on) => [ids[on], linked ? CLOSURE : METADATA]);
    after[ids[at]] = {
      ...old, name: part.name, frontend: part.frontend, codegen: part.codegen,
      lto: linked ? old.lto : 0, link: linked ? old.link : 0, again: linked || !links(old) ? old.again : null,
      dependencies: sortedDependencies(own.concat(siblings)),
    };
  });
  const below = reached(crates);
  units.forEach((_, at) => {
    if (at === unit) return;
    const found = after[at].dependencies.find(([on]) => on === unit);
    if (!found) return;
    const used = direct.get(at) || [facade];
    const all = found[1] === ALL ? [...new Set(used.flatMap((id) => [id, ...below[id]]))] : used;
    const others = after[at].dependencies.filter(([on]) => on !== unit);
    after[at] = { ...after[at], dependencies: sortedDependencies(others.concat(all.map((id) => [ids[id], found[1]]))) };
  });
  return { units: after, ids };
}

// The units of a build with the split carried out: `units` before it, one mode of the bench.
function splitUnits(bench, mode, arrangement, units) {
  const { crates } = arrangement;
  const below = reached(crates);
  let after = units, libraries = null;
  const parts = [];
  const target = mode.parts[0];
  const ownTarget = sumOf(crates, target.own);
  mode.parts.forEach((part, index) => {
    const whole = part.whole_s;
    const share = (cost) => (target.whole_s[0] > 0 ? cost[0] / target.whole_s[0] : 0);
    const own = index === 0 ? ownTarget : ownTarget.map((cost) => [whole[0] * share(cost), whole[1] * share(cost)]);
    const all = total(own);
    const fixed = Math.max(whole[0] - all[0], mode.crate_s);
    const code = Math.max(whole[1], all[1]);
    const ofWhole = all[1] > 0 ? code / all[1] : 1;
    const inherits = inherited(bench, mode, arrangement, after[part.unit]);
    const fresh = crates.map((krate, at) => ({
      name: krate.name,
      frontend: own[at][0] * (krate.dependsOn.length ? mode.parted : 1) + fixed + mode.per_dependency_s * below[at].size,
      codegen: partOfCodegen(own[at][1] * ofWhole, code, mode.codegen_exponent),
      inherited: inherits[at],
    }));
    const direct = directUsers(bench, mode, arrangement, part.unit, bench.direct_users);
    const replaced = replaceUnit(after, part.unit, crates, fresh, arrangement.residual, direct);
    after = replaced.units;
    libraries = libraries || replaced.ids;
    parts.push({ whole: part.unit, ids: replaced.ids });
  });
  if (mode.harness) {
    const split = splitHarness(mode, arrangement, after, libraries, below);
    after = split.units;
    parts.push({ whole: mode.harness.unit, ids: split.ids });
  }
  return { units: after, parts };
}

// A harness for each crate (`plan/predict/harness.rs`).
function splitHarness(mode, arrangement, units, libraries, below) {
  const { unit, whole_s: whole, own: costs } = mode.harness;
  const { crates } = arrangement;
  const old = units[unit], own = sumOf(crates, costs), all = total(own);
  const fixed = Math.max(whole[0] - all[0], mode.crate_s);
  const after = units.slice();
  const ids = crates.map((krate, at) => {
    const siblings = [...below[at]].map((on) => [libraries[on], CLOSURE]);
    const made = {
      ...old, name: `${krate.name} (lib, test)`,
      frontend: own[at][0] + fixed + mode.per_dependency_s * siblings.length,
      codegen: partOfCodegen(own[at][1], all[1], mode.codegen_exponent),
      dependencies: sortedDependencies(old.dependencies.concat(siblings)),
    };
    if (krate.residual) {
      after[unit] = made;
      return unit;
    }
    return after.push(made) - 1;
  });
  return { units: after, ids };
}

// How likely an edit of the package is one of a crate, 0 to 1.
function weightOf(bench, krate) {
  return krate.pieces.reduce((sum, at) => sum + bench.weights[at], 0) / 1e9;
}

// Seconds of a clean build and of an edit, before and after, in one mode.
function predict(bench, mode, arrangement, build, jobs) {
  const machine = machineOf(build.machine, jobs);
  const split = splitUnits(bench, mode, arrangement, build.units);
  const weights = arrangement.crates.map((krate) => weightOf(bench, krate));
  const wholes = split.parts.map((part) => part.whole);
  const edits = weights.map((weight, at) => (weight > 0
    ? weight * editSeconds(split.units, split.parts.map((part) => part.ids[at]), build.shares, jobs, machine) : 0));
  return {
    split,
    weights,
    clean: [simulate(build.units, jobs, machine).makespan, simulate(split.units, jobs, machine).makespan],
    edit: [editSeconds(build.units, wholes, build.shares, jobs, machine), edits.reduce((sum, one) => sum + one, 0)],
  };
}

function machineOf(machine, jobs) {
  return { ...machine, cores: Math.max(jobs, 1) };
}

// The layout as the file that `what-if` reads.
function planToml(map, bench, layout, tool) {
  const word = (text) => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
  const residual = layout.names.length;
  const ofPiece = placePieces(map, bench, layout);
  const modules = layout.names.map(() => []).concat([[]]), items = layout.names.map(() => []).concat([[]]);
  [...layout.modules].sort((a, b) => a[0] - b[0]).forEach(([module, krate]) => {
    const parent = map.parent(module);
    if (parent !== undefined && crateOfModule(map, layout, parent) !== krate) modules[krate].push(map.path(module));
  });
  const name = (krate, path) => items[krate].push(path);
  [...layout.apart].sort((a, b) => a[0] - b[0]).forEach(([at, krate]) => {
    const piece = bench.pieces[at];
    if (crateOfModule(map, layout, piece.module) === krate) return;
    piece.items?.forEach((item) => name(krate, `${map.path(piece.module)}::${item}`));
  });
  bench.strays.forEach(({ piece, module, item }) => {
    if (crateOfModule(map, layout, module) !== ofPiece[piece]) name(ofPiece[piece], item);
  });
  let text = `# A split of \`${bench.package}\`, changed by hand on the page of ${tool}.\n`
    + `# To ask what it does: split-advisor what-if --plan plan.toml${bench.direct_users ? ' --direct-users' : ''}\n`;
  const { pairs } = arrange(map, bench, layout);
  if (pairs > 0) text += `# ${pairs} dependencies run against the order of these crates: add --assume-cuts.\n`;
  layout.names.concat([bench.package]).forEach((krate, at) => {
    const lists = [['modules', modules[at]], ['items', [...new Set(items[at])]]].filter(([, list]) => list.length);
    if (!lists.length) return;
    text += `\n[[crate]]\nname = ${word(krate)}\nfrom = ${word(bench.package)}\n`;
    lists.forEach(([key, list]) => { text += `${key} = [\n${list.map((one) => `  ${word(one)},\n`).join('')}]\n`; });
  });
  return text;
}
