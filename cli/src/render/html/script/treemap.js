// Where the seconds are: packages and modules as areas, level by level.

const TREEMAP_HEIGHT = 420, MOST_AREAS = 60;

function treemapSection() {
  const frame = h('div', { class: 'treemap' });
  const crumbs = h('nav', { class: 'crumbs', 'aria-label': 'Level of the treemap' });
  const detail = h('p', { class: 'detail', 'aria-live': 'polite' });
  let path = [treemapRoot()], width = 0;
  // A level with one area alone says nothing.
  for (let parts = partsOf(path[0]); parts.length === 1 && parts[0].children().length; parts = partsOf(path[path.length - 1])) path.push(parts[0]);
  const go = (to) => {
    path = to;
    draw();
    frame.querySelector('button')?.focus({ preventScroll: true });
  };
  const draw = () => {
    if (!width) return;
    const here = path[path.length - 1];
    replace(crumbs, path.map((node, at) => [at > 0 && ' › ', at + 1 < path.length ? h('button', { type: 'button', onclick: () => go(path.slice(0, at + 1)) }, node.name) : h('strong', null, node.name)]),
      h('span', { class: 'quiet' }, ` ${seconds(here.cost)} of one core`));
    replace(frame, areas(here, width, (node) => go(path.concat([node])), (node) => replace(detail, areaText(node, here))));
  };
  onWidth(frame, (now) => { width = now; draw(); });
  const mode = PAGE.map.mode;
  return h('section', { id: 'costs', 'aria-labelledby': 'costs-title' },
    h('h2', { id: 'costs-title' }, 'Where the seconds are'),
    h('p', { class: 'quiet' }, `Areas are core seconds of a ${mode ? COMMAND[mode] : 'build'}; the darker, the more of them is code generation. Click to look inside.`),
    crumbs, frame, detail);
}

function areaNode(name, lines, frontend, codegen, children) {
  return { name, lines, codegen, cost: frontend + codegen, children };
}

function moduleArea(id) {
  const sum = sumBelow(id);
  return areaNode(MAP.name(id), sum.lines, sum.frontend, sum.codegen, () => {
    const below = MAP.children(id).map(moduleArea);
    const own = areaNode(`${MAP.name(id)} itself`, MAP.lines(id), MAP.frontend(id), MAP.codegen(id), () => []);
    return below.length ? below.concat([own]) : [];
  });
}

function treemapRoot() {
  const of = new Map();
  ROOTS.forEach((root, krate) => {
    const { pkg } = CRATES.get(krate);
    of.set(pkg, (of.get(pkg) || []).concat([root]));
  });
  const packages = [...of].map(([pkg, roots]) => {
    const all = roots.map(moduleArea);
    const sum = (key) => all.reduce((total, node) => total + node[key], 0);
    return areaNode(PAGE.packages[pkg].name, sum('lines'), sum('cost') - sum('codegen'), sum('codegen'), () => (all.length === 1 ? all[0].children() : all));
  });
  const sum = (key) => packages.reduce((total, node) => total + node[key], 0);
  return areaNode('All packages', sum('lines'), sum('cost') - sum('codegen'), sum('codegen'), () => packages);
}

// The largest of a node's parts, and the rest as one.
function partsOf(node) {
  const all = node.children().filter((one) => one.cost > 0).sort((a, b) => b.cost - a.cost || (a.name < b.name ? -1 : 1));
  if (all.length <= MOST_AREAS) return all;
  const rest = all.slice(MOST_AREAS - 1);
  const sum = (key) => rest.reduce((total, one) => total + one[key], 0);
  return all.slice(0, MOST_AREAS - 1).concat([areaNode(`${rest.length} smaller`, sum('lines'), sum('cost') - sum('codegen'), sum('codegen'), () => [])]);
}

// Bruls, Huizing & van Wijk, Squarified Treemaps, 2000.
function squarify(nodes, x, y, width, height) {
  const total = nodes.reduce((sum, node) => sum + node.cost, 0);
  if (!(total > 0) || width <= 0 || height <= 0) return [];
  const scale = (width * height) / total;
  const placed = [];
  let rest = nodes.slice(), box = { x, y, width, height };
  while (rest.length) {
    const side = Math.min(box.width, box.height);
    let row = [], sum = 0, worst = Infinity;
    while (rest[row.length]) {
      const next = rest[row.length];
      const area = sum + next.cost * scale;
      const largest = Math.max(...row.map((node) => node.cost), next.cost) * scale, smallest = Math.min(...row.map((node) => node.cost), next.cost) * scale;
      const ratio = Math.max((side * side * largest) / (area * area), (area * area) / (side * side * smallest));
      if (ratio > worst) break;
      worst = ratio;
      row.push(next);
      sum = area;
    }
    const thick = sum / side;
    let at = 0;
    row.forEach((node) => {
      const long = (node.cost * scale) / thick;
      placed.push(box.width >= box.height ? { node, x: box.x, y: box.y + at, width: thick, height: long } : { node, x: box.x + at, y: box.y, width: long, height: thick });
      at += long;
    });
    box = box.width >= box.height ? { ...box, x: box.x + thick, width: box.width - thick } : { ...box, y: box.y + thick, height: box.height - thick };
    rest = rest.slice(row.length);
  }
  return placed;
}

function areas(here, width, enter, point) {
  const shade = (node) => Math.min(Math.floor((5 * node.codegen) / Math.max(node.cost, 1e-12)), 4);
  const box = (place) => ({ left: `${place.x}px`, top: `${place.y}px`, width: `${Math.max(place.width - 1, 1)}px`, height: `${Math.max(place.height - 1, 1)}px` });
  const parts = partsOf(here);
  if (!parts.length) return h('p', { class: 'quiet' }, 'Nothing below.');
  return squarify(parts, 0, 0, width, TREEMAP_HEIGHT).map((place) => {
    const { node } = place;
    const inside = place.width > 60 && place.height > 44 ? squarify(partsOf(node), 2, 19, place.width - 5, place.height - 22) : [];
    const opens = node.children().length > 0;
    return h('button', {
      type: 'button', class: `area shade-${shade(node)}${opens ? '' : ' leaf'}`, style: box(place), 'aria-label': `${node.name}, ${seconds(node.cost)}, ${percent((100 * node.cost) / here.cost)}`,
      onclick: () => (opens ? enter(node) : point(node)), onpointerenter: () => point(node), onfocus: () => point(node),
    }, inside.map((inner) => h('span', { class: `inner shade-${shade(inner.node)}`, style: box(inner), 'data-name': inner.width > 56 && inner.height > 18 && inner.node.name })),
    place.width > 34 && place.height > 16 && h('span', { class: 'title' }, node.name));
  });
}

function areaText(node, here) {
  return [h('strong', null, node.name), `: ${seconds(node.cost)} (${percent((100 * node.cost) / here.cost)} of ${here.name}), of that ${percent((100 * node.codegen) / Math.max(node.cost, 1e-12))} code generation; ${counted(node.lines, 'line')}.`];
}
