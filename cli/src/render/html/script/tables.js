// Everything as tables: packages, and the work of the plan.

function tablesSection() {
  const planned = REPORT.packages.filter((one) => one.plan);
  return h('section', { id: 'tables', 'aria-labelledby': 'tables-title' },
    h('h2', { id: 'tables-title' }, 'Everything as tables'),
    folded('Packages', REPORT.packages.length, () => packagesTable(), true),
    planned.map((pkg) => planTables(pkg, planned.length > 1)),
    commitTables());
}

// A part that is made when it is opened.
function folded(title, size, make, open = false) {
  const details = h('details', { class: 'part' }, h('summary', null, h('h3', null, title), h('span', { class: 'quiet' }, count(size))));
  const fillOnce = () => {
    if (details.open && details.childNodes.length === 1) add(details, [make()]);
  };
  details.addEventListener('toggle', fillOnce);
  if (open) {
    details.open = true;
    fillOnce();
  }
  return details;
}

function packagesTable() {
  return table({
    caption: 'Packages', rows: REPORT.packages, shown: 15,
    columns: [
      { label: 'Package', value: label },
      { label: 'Verdict', value: (p) => VERDICT[p.verdict.kind], show: (p) => h('span', { class: `tag ${p.verdict.kind}` }, VERDICT[p.verdict.kind]) },
      { label: 'Lines', value: (p) => p.lines, show: (p) => count(p.lines), number: true },
      { label: 'Cost', value: (p) => p.cost_share, show: (p) => percent(100 * p.cost_share), number: true },
      { label: 'Saves a week', value: (p) => (p.verdict.week ? p.verdict.week.before_min - p.verdict.week.after_min : null), show: (p) => (p.verdict.week ? minutes(p.verdict.week.before_min - p.verdict.week.after_min) : '–'), number: true },
      { label: 'Because', value: (p) => WORDS.packages[p.manifest].because, show: (p) => prose(WORDS.packages[p.manifest].because), wide: true },
    ],
    detail: (p) => () => [
      list(p.verdict.causes.map((cause) => prose(cause.detail))),
      p.frontier.length > 0 && frontierTable(p),
    ],
  });
}

function frontierTable(pkg) {
  const number = (name, of, show = count) => ({ label: name, number: true, value: of, show: (row) => show(of(row)) });
  return table({
    caption: `Plans that were weighed for ${pkg.name}`, rows: pkg.frontier, filter: false,
    columns: [
      number('Crates', (c) => c.crates), number('Cuts', (c) => c.cuts), number('Changes', (c) => c.edits), number('Items moved', (c) => c.items_moved),
      number('Visibility', (c) => c.visibility), number('Blockers', (c) => c.blockers),
      number('Clean build', (c) => c.clean_saved_pct, change), number('After an edit', (c) => c.edit_saved_pct, change),
      { label: 'Recommended', value: (c) => (c.recommended ? 'yes' : '') },
    ],
  });
}

function planTables(pkg, named) {
  const { plan } = pkg;
  const title = (text) => (named ? `${text} of ${label(pkg)}` : text);
  const cutsOf = (edit) => edit.cuts.map((at) => plan.cuts[at]);
  const parts = [
    folded(title('Crates of the plan'), plan.crates.length, () => cratesTable(plan)),
    folded(title('Work'), plan.edits.length, () => table({
      caption: 'Work', rows: plan.edits,
      columns: [
        { label: 'Id', value: (e) => Number(e.id.slice(1)), show: (e) => e.id },
        { label: 'Kind', value: (e) => e.kind.replaceAll('-', ' ') }, { label: 'Crate', value: (e) => e.crate },
        { label: 'Lines', value: (e) => e.lines, show: (e) => count(e.lines), number: true },
        { label: 'Cuts', value: (e) => e.cuts.length, number: true },
        { label: 'What to do', value: (e) => e.detail, show: (e) => prose(e.detail), wide: true },
      ],
      detail: (e) => (e.items.length || e.cuts.length) && (() => [
        list(e.items.map((item) => [h('code', null, item.item), ' ', place(item.file, item.line)])),
        e.cuts.length > 0 && h('p', null, 'Removes:'),
        e.cuts.length > 0 && list(cutsOf(e).map(cutLine)),
      ]),
    })),
    folded(title('Dependencies to cut'), plan.cuts.length, () => table({
      caption: 'Dependencies to cut', rows: plan.cuts, empty: 'Nothing runs against the order of the crates.',
      columns: [
        { label: 'From', value: (c) => c.from, show: (c) => h('code', null, c.from) }, { label: 'To', value: (c) => c.to, show: (c) => h('code', null, c.to) },
        { label: 'Crates', value: (c) => `${c.from_crate} → ${c.to_crate}` },
        { label: 'References', value: (c) => c.references, number: true },
        { label: 'Cheapest way', value: (c) => c.detail, show: (c) => prose(c.detail), wide: true },
      ],
      detail: (c) => () => list(c.lines.map((line) => place(c.file, line))),
    })),
    folded(title('Items to make visible'), plan.visibility.length, () => table({
      caption: 'Items to make visible', rows: plan.visibility,
      columns: [
        { label: 'Item', value: (v) => v.item, show: (v) => h('code', null, v.item) },
        { label: 'Where', value: (v) => `${v.file}:${v.line}`, show: (v) => place(v.file, v.line) },
        { label: 'References', value: (v) => v.references, show: (v) => count(v.references), number: true },
      ],
    })),
    plan.silent?.length > 0 && folded(title('What changes without an error'), plan.silent.length, () => table({
      caption: 'What changes without an error', rows: plan.silent,
      columns: [
        { label: 'What', value: (s) => s.what, show: (s) => h('code', null, s.what) }, { label: 'Where', value: (s) => `${s.file}:${s.line}`, show: (s) => place(s.file, s.line) },
        { label: 'Crate', value: (s) => s.crate }, { label: 'Places', value: (s) => s.places, number: true }, { label: 'What comes of it', value: (s) => s.detail, show: (s) => prose(s.detail), wide: true },
      ],
    })),
    plan.blockers.length > 0 && folded(title('To resolve by hand'), plan.blockers.length, () => table({
      caption: 'Blockers', rows: plan.blockers,
      columns: [
        { label: 'Item', value: (b) => b.item, show: (b) => h('code', null, b.item) }, { label: 'Where', value: (b) => `${b.file}:${b.line}`, show: (b) => place(b.file, b.line) },
        { label: 'Why', value: (b) => b.detail, show: (b) => prose(b.detail), wide: true },
      ],
    })),
  ];
  return parts;
}

function cutLine(cut) {
  return [h('code', null, cut.from), ' → ', h('code', null, cut.to), ' ', place(cut.file, cut.line)];
}

function cratesTable(plan) {
  return table({
    caption: 'Crates of the plan', rows: plan.crates, filter: plan.crates.length > 12,
    columns: [
      { label: 'Crate', value: (c) => c.name, show: (c) => [c.name, c.residual && h('span', { class: 'quiet' }, ' (keeps the name)')] },
      { label: 'Lines', value: (c) => c.lines, show: (c) => count(c.lines), number: true },
      { label: 'Cost', value: (c) => c.cost_share, show: (c) => percent(100 * c.cost_share), number: true },
      { label: 'Modules', value: (c) => c.modules.length, number: true }, { label: 'Files', value: (c) => c.files.length, number: true },
      { label: 'Depends on', value: (c) => c.depends_on.join(', '), wide: true },
    ],
    detail: (c) => () => [
      c.modules.length > 0 && [h('h4', null, 'Modules, each with what is below it'), list(c.modules.map((m) => h('code', null, m)))],
      c.items.length > 0 && [h('h4', null, 'Single items'), list(c.items.map((i) => h('code', null, i)))],
      c.dependencies.length > 0 && [h('h4', null, 'Dependencies of its manifest'), h('p', null, c.dependencies.map((d) => d.package).join(', '))],
    ],
  });
}

function commitTables() {
  const { commits } = REPORT;
  if (!commits) return null;
  const rest = [
    { label: 'Commits', value: (f) => f.commits, show: (f) => count(f.commits), number: true },
    { label: 'Packages compiled again', value: (f) => f.packages, show: (f) => count(f.packages), number: true },
    { label: 'CI takes', value: (f) => f.ci_s, show: (f) => seconds(f.ci_s), number: true },
    { label: 'Of the cost of all commits', value: (f) => f.share, show: (f) => percent(100 * f.share), number: true },
  ];
  return [
    folded('Hot files: whose changes cost most', commits.files.length, () => table({
      caption: 'Files whose changes cost most', rows: commits.files, columns: [{ label: 'File', value: (f) => f.path, show: (f) => place(f.path) }, ...rest],
    })),
    folded('Hot packages', commits.costly_packages.length, () => table({
      caption: 'Packages whose changes cost most', rows: commits.costly_packages, columns: [{ label: 'Package', value: (f) => f.name }, ...rest],
    })),
  ];
}
