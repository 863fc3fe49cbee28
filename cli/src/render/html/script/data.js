// What the page knows, and looks up.

const DATA = JSON.parse(document.getElementById('data').textContent);
const { report: REPORT, words: WORDS, page: PAGE } = DATA;

// Modules by number, with their tree and the references between them.
const MAP = (() => {
  const { modules, arcs, files, items } = PAGE.map;
  const at = new Map(modules.id.map((id, i) => [id, i]));
  const parent = (id) => {
    const above = modules.parent[at.get(id)];
    return above ? above - 1 : undefined;
  };
  const paths = new Map();
  const path = (id) => {
    if (!paths.has(id)) {
      const above = parent(id);
      const name = modules.name[at.get(id)];
      paths.set(id, above === undefined ? name : `${path(above)}::${name}`);
    }
    return paths.get(id);
  };
  const children = new Map();
  modules.id.forEach((id) => {
    const above = parent(id);
    if (above !== undefined) children.set(above, (children.get(above) || []).concat(id));
  });
  const row = (id) => at.get(id);
  return {
    arcs, files, parent, path,
    children: (id) => children.get(id) || [],
    has: (id) => at.has(id),
    name: (id) => modules.name[row(id)],
    krate: (id) => modules.krate[row(id)],
    file: (id) => files[modules.file[row(id)]],
    lines: (id) => modules.lines[row(id)],
    test: (id) => modules.test[row(id)] === 1,
    frontend: (id) => modules.frontend_ms[row(id)] / 1e3,
    codegen: (id) => modules.codegen_ms[row(id)] / 1e3,
    ids: modules.id,
    // The references of an arc that are listed: file, line, name of the item.
    references: (arc) => {
      const found = [];
      for (let i = 3; i < arc.length; i += 3) found.push({ file: files[arc[i]], line: arc[i + 1], item: items[arc[i + 2]] });
      return found;
    },
  };
})();

const CRATES = new Map(PAGE.crates.map(([id, pkg, name, kind]) => [id, { id, pkg, name, kind, package: PAGE.packages[pkg].name }]));

// A package's report by its manifest.
function packageOf(manifest) {
  return REPORT.packages.find((one) => one.manifest === manifest);
}

function label(pkg) {
  return WORDS.packages[pkg.manifest].label;
}

// The units of a workspace in a mode, read once.
const unitsOf = (() => {
  const known = new Map();
  return (build, mode) => {
    const key = `${build.workspace} ${mode.mode}`;
    if (!known.has(key)) {
      known.set(key, {
        units: mode.units.map(unitOf), shares: mode.shares,
        machine: { contention: build.contention, start: build.start_s, before: build.before_s },
      });
    }
    return known.get(key);
  };
})();
