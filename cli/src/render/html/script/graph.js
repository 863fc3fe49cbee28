// Crates of the plan in layers, who uses them above and what they need below; packages around by folder, collapsed.

function graphPart() {
  const frame = h('div', { class: 'frame graph', tabindex: 0, role: 'group', 'aria-label': 'Crates of the plan in layers; arrow keys go from crate to crate' });
  const detail = h('p', { class: 'detail', 'aria-live': 'polite' });
  const opened = new Set();
  let width = 0, chosen = null, nodes = [];
  const draw = () => {
    if (!PLAN.arrangement() || !width) return;
    const model = graphModel(opened);
    nodes = layered(model, width);
    replace(frame, graphPicture(model, nodes, width, choose));
    if (chosen) choose(chosen);
  };
  const choose = (id) => {
    const model = graphModel(opened);
    const node = model.nodes.find((one) => one.id === id);
    if (!node) return;
    chosen = id;
    frame.querySelectorAll('[data-node]').forEach((one) => one.classList.toggle('chosen', one.dataset.node === id));
    frame.querySelectorAll('[data-edge]').forEach((one) => one.classList.toggle('chosen', one.dataset.edge.split('\u0000').includes(id)));
    replace(detail, nodeText(model, node), node.folder && [' ', h('button', { type: 'button', onclick: () => { fold(node); frame.focus(); } }, `Fold ${folderName(node.folder)}`)]);
  };
  // Opens a folder, or closes the one that a node lies in; what is in its place is chosen.
  const fold = (node) => {
    const folder = node?.folder ?? (node?.id.startsWith('folder:') ? node.id : null);
    if (!folder) return;
    const opens = !opened.delete(folder);
    if (opens) opened.add(folder);
    chosen = opens ? graphModel(opened).nodes.find((one) => one.folder === folder)?.id : folder;
    draw();
  };
  const chosenNode = () => nodes.find((one) => one.id === chosen);
  frame.addEventListener('click', (event) => {
    const shown = event.target.closest('[data-node]');
    if (!shown) return;
    chosen = shown.dataset.node;
    if (chosenNode()?.folder === undefined) fold(chosenNode());
    choose(chosen);
  });
  frame.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const at = nodes.findIndex((node) => node.id === chosen);
      choose(nodes[Math.min(Math.max(at + step, 0), nodes.length - 1)].id);
    } else if ((event.key === 'Enter' || event.key === ' ') && chosen) {
      event.preventDefault();
      fold(chosenNode());
    }
  });
  onWidth(frame, (now) => { width = now; draw(); });
  listenPlan(draw);
  return h('div', null, h('h3', null, 'Crates of this plan'),
    h('p', { class: 'quiet' }, 'Each crate depends on those below it; references against the order are red and run upwards. Packages around, and the crates of a plan of many, are folded by their folder: click, or press Enter, to open one; Enter on what is in it, or the button below, folds it again.'),
    frame, detail);
}

function folderName(folder) {
  const name = folder.split(':').slice(2).join(':');
  return name === '.' ? 'packages' : `${name}/`;
}

// A plan of many crates is folded too, by the folder below the package’s sources that crates have in common.
const MANY_CRATES = 24;

function ownFolders(arrangement) {
  const of = bench();
  const folder = (krate) => {
    const first = krate.pieces.map((at) => MAP.path(of.pieces[at].module).split('::')[1]).find(Boolean);
    return first && !krate.residual ? `folder:own:${first}` : null;
  };
  const all = arrangement.crates.map(folder);
  const several = (one) => all.filter((other) => other === one).length > 1;
  return all.map((one) => (one && arrangement.crates.length > MANY_CRATES && several(one) ? one : null));
}

// Nodes and edges; of edges that others imply none.
function graphModel(opened) {
  const arrangement = PLAN.arrangement();
  const of = bench();
  const own = PAGE.packages.findIndex((pkg) => of.manifest === (pkg.dir ? `${pkg.dir}/Cargo.toml` : 'Cargo.toml'));
  const homes = ownFolders(arrangement);
  const folded = (at) => homes[at] !== null && !opened.has(homes[at]);
  const nodes = [];
  arrangement.crates.forEach((krate, at) => {
    if (!krate.pieces.length && !krate.residual) return;
    const home = homes[at];
    if (!folded(at)) nodes.push({ id: `crate:${krate.name}`, name: krate.name, crate: krate, kind: krate.residual ? 'residual' : 'crate', folder: home ?? undefined });
    else if (!nodes.some((node) => node.id === home)) {
      const inside = arrangement.crates.filter((_, other) => homes[other] === home);
      nodes.push({ id: home, name: `${folderName(home)} (${inside.length})`, kind: 'folder own', crates: inside });
    }
  });
  const edges = new Map();
  const edge = (from, to, back = 0) => from !== to && edges.set(`${from}\u0000${to}`, { from, to, back: back || (edges.get(`${from}\u0000${to}`)?.back ?? 0) });
  const idOf = (at) => (folded(at) ? homes[at] : `crate:${arrangement.crates[at].name}`);
  const below = reached(arrangement.crates);
  arrangement.crates.forEach((krate, at) => krate.dependsOn.forEach((on) => {
    if (!krate.dependsOn.some((other) => below[other].has(on))) edge(idOf(at), idOf(on));
  }));
  arrangement.back.forEach(([from, to, references]) => edge(idOf(from), idOf(to), references));
  // Packages around: who uses it, and what it is built from.
  const folderOf = (pkg, side) => `folder:${side}:${PAGE.packages[pkg].dir.split('/').slice(0, -1).join('/') || '.'}`;
  const around = new Map();
  const place = (pkg, side) => {
    const folder = folderOf(pkg, side);
    if (!around.has(folder)) around.set(folder, []);
    if (!around.get(folder).includes(pkg)) around.get(folder).push(pkg);
    return opened.has(folder) ? `package:${pkg}\u0001${folder}` : folder;
  };
  PAGE.packages.forEach((pkg, at) => {
    if (at !== own && pkg.dependencies.includes(own)) edge(place(at, 'above'), idOf(arrangement.residual));
  });
  arrangement.crates.forEach((krate, at) => {
    new Set(krate.pieces.flatMap((piece) => of.needs[piece])).forEach((pkg) => edge(idOf(at), place(pkg, 'below')));
  });
  around.forEach((packages, folder) => {
    if (opened.has(folder)) packages.forEach((pkg) => nodes.push({ id: `package:${pkg}\u0001${folder}`, name: PAGE.packages[pkg].name, kind: 'package', folder }));
    else nodes.push({ id: folder, name: `${folderName(folder)} (${packages.length})`, kind: 'folder', packages });
  });
  const list = [...edges.values()];
  return { nodes, edges: reducedEdges(nodes, list) };
}

// What crates below already need is not drawn again.
function reducedEdges(nodes, edges) {
  const down = new Map(nodes.map((node) => [node.id, []]));
  edges.filter((one) => !one.back).forEach((one) => down.get(one.from)?.push(one.to));
  const reach = new Map();
  const reachOf = (id, path) => {
    if (reach.has(id)) return reach.get(id);
    if (path.has(id)) return new Set();
    path.add(id);
    const all = new Set();
    down.get(id)?.forEach((to) => { all.add(to); reachOf(to, path).forEach((one) => all.add(one)); });
    path.delete(id);
    reach.set(id, all);
    return all;
  };
  return edges.filter((one) => one.back || !down.get(one.from).some((other) => other !== one.to && reachOf(other, new Set()).has(one.to)));
}

// Layers from the top by the longest way, then each put near its neighbours (Sugiyama's barycentres).
function layered({ nodes, edges }, width) {
  // What is folded may stand above and below another: such edges don't count for the layers.
  const number = new Map(nodes.map((node, at) => [node.id, at]));
  const down = edges.filter((one) => !one.back);
  const order = [];
  feedbackOrder(nodes.length, down.map((one) => [number.get(one.from), number.get(one.to), 1])).forEach((node, at) => { order[node] = at; });
  const forward = down.filter((one) => order[number.get(one.from)] < order[number.get(one.to)]);
  const layer = new Map(nodes.map((node) => [node.id, 0]));
  for (let pass = 0; pass < nodes.length; pass++) {
    let moved = false;
    forward.forEach(({ from, to }) => {
      if (layer.get(to) <= layer.get(from)) {
        layer.set(to, layer.get(from) + 1);
        moved = true;
      }
    });
    if (!moved) break;
  }
  const rows = [];
  nodes.forEach((node) => (rows[layer.get(node.id)] ||= []).push(node));
  const neighbours = new Map(nodes.map((node) => [node.id, []]));
  edges.forEach(({ from, to }) => { neighbours.get(from).push(to); neighbours.get(to).push(from); });
  const wide = (node) => Math.min(node.name.length * 7.1 + 18, 220);
  const most = Math.max(width, 200);
  const place = new Map();
  const spread = () => rows.filter(Boolean).forEach((row) => row.forEach((node, at) => place.set(node.id, (at + 0.5) / row.length)));
  spread();
  for (let pass = 0; pass < 6; pass++) {
    rows.filter(Boolean).forEach((row) => {
      const centre = new Map(row.map((node) => {
        const near = neighbours.get(node.id).map((id) => place.get(id));
        return [node.id, near.length ? near.reduce((a, b) => a + b, 0) / near.length : place.get(node.id)];
      }));
      row.sort((a, b) => centre.get(a.id) - centre.get(b.id));
    });
    spread();
  }
  // A layer with more than there is room for takes several lines.
  const placed = [];
  let y = 8;
  rows.filter(Boolean).forEach((row) => {
    const lines = [[]];
    let used = 0;
    row.forEach((node) => {
      if (used + wide(node) > most && lines[lines.length - 1].length) {
        lines.push([]);
        used = 0;
      }
      lines[lines.length - 1].push(node);
      used += wide(node) + 14;
    });
    lines.forEach((line) => {
      const total = line.reduce((sum, node) => sum + wide(node) + 14, -14);
      let x = Math.max((most - total) / 2, 0);
      line.forEach((node) => {
        placed.push({ ...node, x, y, width: wide(node), height: 26 });
        x += wide(node) + 14;
      });
      y += 34;
    });
    y += 26;
  });
  placed.bottom = y - 26;
  return placed;
}

function graphPicture({ edges }, nodes, width) {
  const at = new Map(nodes.map((node) => [node.id, node]));
  const path = ({ from, to, back }) => {
    const [a, b] = [at.get(from), at.get(to)];
    const [x1, x2] = [a.x + a.width / 2, b.x + b.width / 2];
    const [y1, y2] = back ? [a.y, b.y + b.height] : [a.y + a.height, b.y];
    const bend = Math.max(Math.abs(y2 - y1) / 2, 14) * (y2 >= y1 ? 1 : -1);
    return svg('path', { class: `edge${back ? ' back' : ''}`, 'data-edge': `${from}\u0000${to}`, d: `M${x1},${y1}C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}` });
  };
  const most = Math.max(width, ...nodes.map((node) => node.x + node.width));
  return svg('svg', { width: most, height: nodes.bottom, 'aria-hidden': 'true' }, edges.map(path), nodes.map((node) => svg('g', { class: `node ${node.kind}`, 'data-node': node.id },
    svg('rect', { x: node.x, y: node.y, width: node.width, height: node.height, rx: 5 }),
    svg('text', { x: node.x + node.width / 2, y: node.y + 17, 'text-anchor': 'middle' }, node.name.length > 29 ? `${node.name.slice(0, 28)}…` : node.name))));
}

function nodeText({ edges }, node) {
  const names = (ids) => ids.map((id) => id.split(':').slice(1).join(':').split('\u0001')[0]).map((name) => (/^\d+$/.test(name) ? PAGE.packages[Number(name)].name : name)).join(', ') || 'nothing';
  if (node.crates) return [h('strong', null, node.name), `: ${node.crates.map((krate) => krate.name).join(', ')}.`];
  if (node.kind === 'folder') return [h('strong', null, node.name), `: ${node.packages.map((pkg) => PAGE.packages[pkg].name).join(', ')}.`];
  if (!node.crate) return [h('strong', null, node.name), '.'];
  const back = edges.filter((one) => one.back && (one.from === node.id || one.to === node.id));
  const arrangement = PLAN.arrangement();
  return [h('strong', null, node.name), `: ${counted(node.crate.lines, 'line')}, ${percent(100 * weightOf(bench(), node.crate))} of the package\u2019s edits; depends on ${node.crate.dependsOn.map((on) => arrangement.crates[on].name).join(', ') || 'no other crate of the plan'}.`,
    back.length > 0 && h('span', { class: 'warning' }, ` Against the order: ${back.map((one) => `${names([one.from])} → ${names([one.to])} (${counted(one.back, 'reference')})`).join('; ')}.`)];
}
