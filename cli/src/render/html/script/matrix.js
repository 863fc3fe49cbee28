// Who refers to whom, as a matrix in the plan's order: what a row uses stands in its columns. Collapsed by the module tree.

const MOST_ROWS = 70;
// Few rows have room for larger cells.
const cellOf = (rows) => (rows.length <= 24 ? 22 : 17);

function matrixSection() {
  const frame = h('div', { class: 'matrix', tabindex: 0, role: 'group', 'aria-describedby': 'matrix-keys', 'aria-label': 'Dependency matrix' });
  const detail = h('div', { class: 'uses', 'aria-live': 'polite' });
  const places = h('div', { class: 'places', 'aria-live': 'polite' });
  let scope = null, opened = new Set(), rows = [], chosen = 0, key = '', model = null;
  const controls = h('div', { class: 'tools' });
  const draw = () => {
    let fresh = false;
    const now = `${STATE.bench}|${STATE.candidate}|${STATE.moved.length}|${scope}`;
    if (now !== key) {
      opened = new Set();
      fresh = true;
      key = now;
      replace(places, '');
      replace(controls, choice('Modules of', scopes(), scope ?? scopes()[0]?.[0], (value) => { scope = value; draw(); }), search());
    }
    model = scope && scope !== 'plan' ? crateModel(Number(scope)) : bench() ? planModel() : crateModel(scopes()[0]?.[0]);
    rows = visibleRows(model, opened);
    chosen = Math.min(chosen, rows.length - 1);
    const sums = cellsOf(model, rows);
    if (fresh) chosen = busiest(rows, sums);
    replace(frame, matrixPicture(rows, sums, chosen, choose, toggle));
    replace(detail, usesOf(rows, sums, chosen, (from, to) => replace(places, referencesOf(from, to))));
  };
  const choose = (at) => {
    chosen = at;
    draw();
  };
  // Opens the rows that lead to a module.
  const find = (word) => {
    const way = word && wayTo(model.tops, (node) => node.leaves.some((leaf) => MAP.path(model.moduleOf(leaf)).toLowerCase().includes(word)), word);
    if (!way) return word && replace(places, h('p', { class: 'quiet' }, `No module here has “${word}” in its path.`));
    replace(places, '');
    opened = new Set(way.slice(0, -1).map((node) => node.id));
    draw();
    choose(Math.max(rows.findIndex((row) => row.id === way[way.length - 1].id), 0));
  };
  const search = () => {
    const input = h('input', { type: 'search', placeholder: 'Find a module…', 'aria-label': 'Find a module in the matrix', onchange: () => find(input.value.trim().toLowerCase()) });
    return input;
  };
  const toggle = (row) => {
    const all = row.children();
    if (opened.has(row.id)) opened.delete(row.id);
    else if (rows.length + all.length <= MOST_ROWS) opened.add(row.id);
    else return replace(places, h('p', { class: 'warning' }, `No more than ${MOST_ROWS} rows at a time: close another first.`));
    draw();
  };
  frame.addEventListener('keydown', (event) => {
    const row = rows[chosen];
    if (event.key === 'ArrowDown') choose(Math.min(chosen + 1, rows.length - 1));
    else if (event.key === 'ArrowUp') choose(Math.max(chosen - 1, 0));
    else if (event.key === 'ArrowRight' && row.opens && !opened.has(row.id)) toggle(row);
    else if (event.key === 'ArrowLeft' && opened.has(row.id)) toggle(row);
    else if (event.key === 'Enter' || event.key === ' ') detail.querySelector('button')?.focus();
    else return;
    event.preventDefault();
  });
  frame.addEventListener('click', (event) => {
    const cell = event.target.closest('[data-cell]');
    if (!cell) return;
    const [from, to] = cell.dataset.cell.split(',').map(Number);
    choose(from);
    replace(places, referencesOf(rows[from], rows[to]));
  });
  const section = h('section', { id: 'modules', 'aria-labelledby': 'modules-title' },
    h('h2', { id: 'modules-title' }, 'Who depends on whom'),
    h('p', { class: 'quiet' }, 'A row uses what its columns stand for; dependents come first, so that references against the order lie below the diagonal, in red. The darker, the more references. Choose a row to see what it uses and who uses it, a cell for every reference.'),
    h('span', { class: 'hidden', id: 'matrix-keys' }, 'Up and down choose a row, right and left open and close it, Enter goes to what it uses.'),
    controls, h('div', { class: 'beside' }, frame, detail), places);
  listenPlan(draw);
  return section;
}

function scopes() {
  const own = [...CRATES.values()].filter((krate) => krate.kind !== 'bin' || ![...CRATES.values()].some((other) => other.pkg === krate.pkg && other.kind !== 'bin'));
  const sized = own.map((krate) => [krate, rootOf(krate.id)]).filter(([, root]) => root !== undefined && MAP.children(root).length > 1);
  sized.sort((a, b) => sumBelow(b[1]).lines - sumBelow(a[1]).lines);
  const list = sized.map(([krate]) => [krate.id, `crate ${krate.name}`]);
  return bench() ? [['plan', `${bench().package}, by the plan that is shown`], ...list] : list;
}

const ROOTS = new Map();
MAP.ids.forEach((id) => MAP.parent(id) === undefined && ROOTS.set(MAP.krate(id), id));

function rootOf(krate) {
  return ROOTS.get(Number(krate));
}

// The plan's crates, their modules below them; leaves are pieces, so that items which the plan places apart are where it has them.
function planModel() {
  const of = bench();
  const arrangement = PLAN.arrangement();
  const arcs = new Map();
  for (const [from, to, references] of groupArcs(of)) {
    const [a, b] = [of.groups[from], of.groups[to]];
    if (a !== b) arcs.set(a * of.pieces.length + b, (arcs.get(a * of.pieces.length + b) || 0) + references);
  }
  const tops = arrangement.crates.slice().reverse().filter((krate) => krate.pieces.length).map((krate) => ({
    id: `crate ${krate.name}`, name: krate.name, leaves: krate.pieces, depth: 0,
    opens: true,
    children: () => moduleNodes(krate.pieces, (piece) => of.pieces[piece].module, 1, krate.name),
  }));
  return { tops, moduleOf: (leaf) => of.pieces[leaf].module, arcs: [...arcs].map(([key, references]) => [Math.floor(key / of.pieces.length), key % of.pieces.length, references]) };
}

// Modules of one crate, in an order with few references against it.
function crateModel(krate) {
  const root = rootOf(krate);
  const ids = MAP.ids.filter((id) => MAP.krate(id) === Number(krate) && !MAP.test(id));
  const own = new Set(ids);
  const arcs = MAP.arcs.filter((arc) => own.has(arc[0]) && own.has(arc[1])).map((arc) => arc.slice(0, 3));
  const nodes = moduleNodes(ids.filter((id) => id !== root), (id) => id, 0, '');
  nodes.push({ id: 'root', name: MAP.name(root), leaves: [root], depth: 0, children: () => [] });
  return { tops: inOrder(nodes, arcs), moduleOf: (id) => id, arcs };
}

function inOrder(nodes, arcs) {
  const of = new Map(nodes.flatMap((node, at) => node.leaves.map((leaf) => [leaf, at])));
  const sums = new Map();
  arcs.forEach(([from, to, references]) => {
    const [a, b] = [of.get(from), of.get(to)];
    if (a !== undefined && b !== undefined && a !== b) sums.set(a * nodes.length + b, (sums.get(a * nodes.length + b) || 0) + references);
  });
  return feedbackOrder(nodes.length, [...sums].map(([key, n]) => [Math.floor(key / nodes.length), key % nodes.length, n])).map((at) => nodes[at]);
}

// The module tree above some leaves: each node the topmost module whose parent has none of its own among them.
function moduleNodes(leaves, moduleOf, depth, prefix) {
  const modules = new Set(leaves.map(moduleOf));
  const tops = new Map();
  leaves.forEach((leaf) => {
    let at = moduleOf(leaf), top = at;
    for (let above = MAP.parent(at); above !== undefined; above = MAP.parent(above)) {
      if (MAP.parent(above) === undefined) break;
      if (modules.has(above)) top = above;
    }
    if (!tops.has(top)) tops.set(top, []);
    tops.get(top).push(leaf);
  });
  const node = (top, own) => ({
    id: `${prefix}/${top}/${depth}`, name: depth === 0 ? MAP.name(top) : MAP.path(top).split('::').slice(1).join('::') || MAP.name(top), leaves: own, depth,
    opens: own.some((leaf) => moduleOf(leaf) !== top),
    children: () => {
      const below = own.filter((leaf) => moduleOf(leaf) !== top), here = own.filter((leaf) => moduleOf(leaf) === top);
      if (!below.length) return [];
      return (here.length ? [{ id: `${prefix}/${top}/own`, name: `${MAP.name(top)} itself`, leaves: here, depth: depth + 1, children: () => [] }] : [])
        .concat(moduleNodes(below, moduleOf, depth + 1, prefix));
    },
  });
  return [...tops].map(([top, own]) => node(top, own)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function visibleRows(model, opened) {
  const rows = [];
  const walk = (node) => {
    if (!opened.has(node.id)) return rows.push(node);
    rows.push({ ...node, leaves: [], open: true });
    return inOrder(node.children(), model.arcs).forEach(walk);
  };
  model.tops.forEach(walk);
  return rows.map((row) => ({ ...row, modules: [...new Set(row.leaves.map(model.moduleOf))] }));
}

function cellsOf(model, rows) {
  const at = new Map(rows.flatMap((row, i) => row.leaves.map((leaf) => [leaf, i])));
  const sums = new Map();
  model.arcs.forEach(([from, to, references]) => {
    const [a, b] = [at.get(from), at.get(to)];
    if (a === undefined || b === undefined || a === b) return;
    sums.set(a * rows.length + b, (sums.get(a * rows.length + b) || 0) + references);
  });
  return [...sums].map(([key, references]) => ({ from: Math.floor(key / rows.length), to: key % rows.length, references }));
}

// The nodes from a top to the first whose own name or path holds a word, as deep as there are levels.
function wayTo(nodes, holds, word) {
  const node = nodes.find((one) => one.name.toLowerCase().includes(word)) || nodes.find(holds);
  if (!node) return null;
  if (node.name.toLowerCase().includes(word) || !node.opens) return [node];
  const below = wayTo(node.children(), holds, word);
  return below ? [node, ...below] : [node];
}

// The row with most of its references to and from others.
function busiest(rows, cells) {
  const sums = rows.map(() => 0);
  cells.forEach((cell) => { sums[cell.from] += cell.references; });
  return Math.max(sums.indexOf(Math.max(...sums)), 0);
}

function matrixPicture(rows, cells, chosen, choose, toggle) {
  const CELL = cellOf(rows);
  const size = rows.length * CELL;
  const most = Math.log(1 + Math.max(...cells.map((cell) => cell.references), 1));
  const labels = rows.map((row, at) => h('div', { class: `label${at === chosen ? ' chosen' : ''}`, style: { 'padding-left': `${row.depth * 0.8}rem`, height: `${CELL}px` } },
    row.opens ? h('button', { type: 'button', tabindex: -1, class: 'opener', 'aria-expanded': String(Boolean(row.open)), 'aria-label': `${row.open ? 'Close' : 'Open'} ${row.name}`, onclick: () => toggle(row) }) : h('span', { class: 'leaf' }),
    h('button', { type: 'button', tabindex: -1, class: 'name', title: row.name, 'aria-current': at === chosen ? 'true' : null, onclick: () => choose(at) }, `${at + 1}  ${row.name}`)));
  const kind = ({ from, to }) => `${from > to ? 'back' : 'forward'}${from === chosen ? ' uses' : to === chosen ? ' used' : ''}`;
  const picture = svg('svg', { width: size, height: size + CELL, 'aria-hidden': 'true' },
    rows.map((_, at) => svg('text', { class: `tick${at === chosen ? ' chosen' : ''}`, x: at * CELL + CELL / 2, y: CELL - 5, 'text-anchor': 'middle' }, at + 1)),
    svg('g', { transform: `translate(0 ${CELL})` },
      svg('rect', { class: 'field', width: size, height: size }),
      svg('rect', { class: 'band', y: chosen * CELL, width: size, height: CELL }), svg('rect', { class: 'band', x: chosen * CELL, width: CELL, height: size }),
      rows.map((row, at) => svg('rect', { class: 'self', x: at * CELL, y: at * CELL, width: CELL, height: CELL })),
      cells.map((cell) => svg('rect', { class: `cell ${kind(cell)}`, 'data-cell': `${cell.from},${cell.to}`, x: cell.to * CELL + 1, y: cell.from * CELL + 1, width: CELL - 2, height: CELL - 2, style: { '--strength': 0.25 + 0.75 * (Math.log(1 + cell.references) / most) } },
        svg('title', null, `${rows[cell.from].name} → ${rows[cell.to].name}: ${counted(cell.references, 'reference')}`)))));
  return h('div', { class: 'grid-of' }, h('div', { class: 'labels', style: { 'padding-top': `${CELL}px` } }, labels), h('div', { class: 'cells' }, picture));
}

function usesOf(rows, cells, chosen, open) {
  const row = rows[chosen];
  if (!row) return [];
  const list = (title, found, from, to) => h('div', null, h('h4', null, title), found.length ? h('ul', { class: 'plain' }, found.sort((a, b) => b.references - a.references).map((cell) => h('li', null,
    h('button', { type: 'button', class: 'reference', onclick: () => open(rows[from(cell)], rows[to(cell)]) }, `${rows[cell.from === chosen ? cell.to : cell.from].name}`), h('span', { class: cell.from > cell.to ? 'warning' : 'quiet' }, ` ${counted(cell.references, 'reference')}${cell.from > cell.to ? ', against the order' : ''}`)))) : h('p', { class: 'quiet' }, 'Nothing here.'));
  return [h('p', null, h('strong', null, row.name)), h('div', { class: 'columns' },
    list('Uses', cells.filter((cell) => cell.from === chosen), (c) => c.from, (c) => c.to),
    list('Is used by', cells.filter((cell) => cell.to === chosen), (c) => c.from, (c) => c.to))];
}

// Every reference between the modules of two rows.
function referencesOf(from, to) {
  const [a, b] = [new Set(from.modules), new Set(to.modules)];
  const arcs = MAP.arcs.filter((arc) => a.has(arc[0]) && b.has(arc[1]));
  const rows = arcs.flatMap((arc) => MAP.references(arc).map((reference) => ({ ...reference, from: MAP.path(arc[0]), to: MAP.path(arc[1]) })));
  const hidden = arcs.filter((arc) => arc.length === 3);
  return [h('h3', null, `${from.name} → ${to.name}`), table({
    caption: `References of ${from.name} to ${to.name}`, rows,
    empty: 'These references are not listed on the page.',
    columns: [
      { label: 'Where', value: (r) => `${r.file}:${String(r.line).padStart(6)}`, show: (r) => place(r.file, r.line) },
      { label: 'In', value: (r) => r.from, show: (r) => h('code', null, r.from) },
      { label: 'Refers to', value: (r) => `${r.to}::${r.item}`, show: (r) => h('code', null, `${r.to}::${r.item}`) },
    ],
  }), hidden.length > 0 && h('p', { class: 'quiet' }, 'For the rest run ', h('code', null, `split-advisor explain --from ${MAP.path(hidden[0][0])} --to ${MAP.path(hidden[0][1])}`), '.')];
}
