// Moving modules between the crates of a plan by hand: by dragging one onto a crate, or by its list.

const NEW_CRATE = 'new';

// A layout with one module, and what is below it, in another crate.
function withModule(layout, module, krate) {
  const next = { names: layout.names.slice(), modules: new Map(layout.modules), apart: new Map(layout.apart) };
  let to = krate;
  if (krate === NEW_CRATE) {
    const stays = next.names.length;
    const shift = (of) => of.forEach((value, key) => value === stays && of.set(key, stays + 1));
    shift(next.modules);
    shift(next.apart);
    to = stays;
    next.names.push(newName(layout, module));
  }
  next.modules.set(module, to);
  const parent = MAP.parent(module);
  if (parent !== undefined && crateOfModule(MAP, next, parent) === to) next.modules.delete(module);
  return next;
}

function newName(layout, module) {
  const word = MAP.name(module).replace(/[^A-Za-z0-9_-]/g, '').replaceAll('_', '-') || 'part';
  const taken = new Set(layout.names.concat(PAGE.packages.map((pkg) => pkg.name)));
  const stem = `${bench().package}-${word}`;
  let name = stem;
  for (let n = 2; taken.has(name); n++) name = `${stem}-${n}`;
  return name;
}

function moveModule(module, krate) {
  const { layout } = STATE;
  const from = crateOfModule(MAP, layout, module);
  if (krate !== NEW_CRATE && krate === from) return;
  const next = withModule(layout, module, krate);
  const name = (of, at) => of.names[at] ?? bench().package;
  const to = crateOfModule(MAP, next, module);
  changeState({ layout: next, moved: STATE.moved.concat([{ before: layout, text: `${MAP.path(module)}: ${name(layout, from)} → ${name(next, to)}` }]) });
}

function undoMove() {
  const last = STATE.moved[STATE.moved.length - 1];
  if (last) changeState({ layout: last.before, moved: STATE.moved.slice(0, -1) });
}

function movingPart() {
  const tree = h('div', { class: 'tree', role: 'region', tabindex: 0, 'aria-label': 'Modules' });
  const crates = h('div', { class: 'crates', role: 'region', tabindex: 0, 'aria-label': 'Crates to drop a module on' });
  const moved = h('div', { class: 'moved', 'aria-live': 'polite' });
  const opened = new Set();
  let word = '';
  const search = h('input', { type: 'search', placeholder: 'Find a module…', 'aria-label': 'Find a module', oninput: () => { word = search.value.trim().toLowerCase(); drawTree(); } });
  const drawTree = () => {
    const active = document.activeElement?.dataset?.module;
    const rows = moduleRows(opened, word);
    replace(tree, rows.slice(0, 150).map((row) => moduleRow(row, opened, drawTree)), rows.length > 150 && h('p', { class: 'quiet' }, `… and ${rows.length - 150} more: search for one.`));
    if (active) tree.querySelector(`select[data-module="${active}"]`)?.focus();
  };
  const update = () => {
    if (!PLAN.arrangement()) return;
    drawTree();
    replace(crates, crateCards());
    const text = () => planToml(MAP, bench(), STATE.layout, `${REPORT.tool.name} ${REPORT.tool.version}`);
    const shown = h('pre', { class: 'toml', tabindex: 0, role: 'region', 'aria-label': 'plan.toml' });
    const details = h('details', { ontoggle: () => details.open && replace(shown, text()) }, h('summary', null, 'plan.toml'), shown);
    replace(moved,
      h('div', { class: 'tools' },
        h('button', { type: 'button', id: 'export', onclick: () => download('plan.toml', text()) }, 'Save plan.toml'),
        h('button', { type: 'button', id: 'undo', disabled: !STATE.moved.length, onclick: undoMove }, 'Undo'),
        h('button', { type: 'button', id: 'reset', disabled: !STATE.moved.length, onclick: () => chooseCandidate(STATE.candidate) }, 'Back to the plan chosen'),
        h('span', { class: 'quiet' }, STATE.moved.length ? `${counted(STATE.moved.length, 'move')} by hand` : 'Nothing moved by hand yet')),
      STATE.moved.length > 0 && h('ol', { class: 'moves' }, STATE.moved.map((move) => h('li', null, h('code', null, move.text)))),
      details);
  };
  listenPlan(update);
  return h('div', { class: 'moving' },
    h('h3', null, 'Move modules'),
    h('p', { class: 'quiet' }, 'Drag a module onto a crate, or choose its crate from the list. It takes along what is below it, except what the plan names by itself. Cuts, cycles and seconds above are worked out anew.'),
    h('div', { class: 'board' }, h('div', null, h('p', { class: 'tools' }, search), tree), crates), moved);
}

function moduleRows(opened, word) {
  const rows = [];
  const walk = (id, depth) => {
    MAP.children(id).filter((child) => !MAP.test(child)).sort((a, b) => (MAP.name(a) < MAP.name(b) ? -1 : 1)).forEach((child) => {
      if (word) {
        if (MAP.path(child).toLowerCase().includes(word)) rows.push({ id: child, depth: 0, flat: true });
        walk(child, 0);
        return;
      }
      rows.push({ id: child, depth });
      if (opened.has(child)) walk(child, depth + 1);
    });
  };
  walk(bench().root, 0);
  return rows;
}

const SUMS = new Map();

// Lines and seconds of a module with what is below it.
function sumBelow(id) {
  if (!SUMS.has(id)) {
    const sum = { lines: MAP.lines(id), frontend: MAP.frontend(id), codegen: MAP.codegen(id) };
    MAP.children(id).forEach((child) => {
      const of = sumBelow(child);
      sum.lines += of.lines;
      sum.frontend += of.frontend;
      sum.codegen += of.codegen;
    });
    SUMS.set(id, sum);
  }
  return SUMS.get(id);
}

function moduleRow({ id, depth, flat }, opened, redraw) {
  const below = MAP.children(id).some((child) => !MAP.test(child));
  const name = flat ? MAP.path(id) : MAP.name(id);
  const sum = sumBelow(id);
  const { layout } = STATE;
  const select = h('select', { 'aria-label': `Crate of ${MAP.path(id)}`, 'data-module': id, onchange: () => moveModule(id, select.value === NEW_CRATE ? NEW_CRATE : Number(select.value)) },
    layout.names.map((krate, at) => h('option', { value: String(at) }, krate)),
    h('option', { value: String(layout.names.length) }, `${bench().package} (stays)`), h('option', { value: NEW_CRATE }, 'a new crate'));
  select.value = String(crateOfModule(MAP, layout, id));
  const toggle = () => {
    if (opened.has(id)) opened.delete(id);
    else opened.add(id);
    redraw();
  };
  const grip = h('span', { class: 'grip', 'data-grip': id, 'aria-hidden': 'true', title: 'Drag onto a crate', onpointerdown: (event) => startDrag(event, id) }, '⠿');
  return h('div', { class: 'row', style: { 'padding-left': `${depth * 1.1}rem` } }, grip,
    below && !flat ? h('button', { type: 'button', class: 'opener', 'aria-expanded': String(opened.has(id)), onclick: toggle }, h('code', null, name)) : h('code', { class: 'leaf' }, name),
    h('span', { class: 'quiet size' }, `${count(sum.lines)} lines`), h('span', { class: 'quiet size' }, seconds(sum.frontend + sum.codegen)), select);
}

// Follows the pointer until it lets go over a crate.
function startDrag(event, id) {
  event.preventDefault();
  const ghost = h('div', { class: 'ghost' }, h('code', null, MAP.name(id)));
  document.body.append(ghost);
  const target = (at) => document.elementFromPoint(at.clientX, at.clientY)?.closest('[data-drop]');
  const move = (at) => {
    ghost.style.transform = `translate(${at.clientX + 10}px, ${at.clientY + 8}px)`;
    document.querySelectorAll('.over').forEach((one) => one.classList.remove('over'));
    target(at)?.classList.add('over');
  };
  const end = (at) => {
    ghost.remove();
    document.querySelectorAll('.over').forEach((one) => one.classList.remove('over'));
    ['pointermove', 'pointerup', 'pointercancel'].forEach((kind, i) => document.removeEventListener(kind, [move, end, end][i]));
    const over = at.type === 'pointerup' && target(at);
    if (over) moveModule(id, over.dataset.drop === NEW_CRATE ? NEW_CRATE : Number(over.dataset.drop));
  };
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
  move(event);
}

function crateCards() {
  const arrangement = PLAN.arrangement();
  const { layout } = STATE;
  const of = new Map(arrangement.crates.map((krate, at) => [krate.position, { krate, at }]));
  const against = (at) => arrangement.back.filter(([from, to]) => from === at || to === at).reduce((sum, [, , references]) => sum + references, 0);
  const card = (position, name) => {
    const found = of.get(position);
    const cut = found ? against(found.at) : 0;
    return h('div', { class: `crate${position === layout.names.length ? ' residual' : ''}`, 'data-drop': position },
      h('strong', null, name), h('span', { class: 'quiet' }, found ? `${count(found.krate.lines)} lines, ${percent(100 * weightOf(bench(), found.krate))} of edits` : 'empty'),
      cut > 0 && h('span', { class: 'warning' }, `${count(cut)} against the order`));
  };
  const order = arrangement.crates.map((krate) => krate.position).reverse();
  const rest = layout.names.map((_, at) => at).filter((at) => !of.has(at));
  return order.concat(rest).map((position) => card(position, layout.names[position] ?? bench().package))
    .concat(h('div', { class: 'crate fresh', 'data-drop': NEW_CRATE }, h('strong', null, '+ a new crate')));
}
