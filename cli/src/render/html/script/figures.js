// What was measured, what is modelled, and what could not be followed.

function figuresSection() {
  const { references } = REPORT.repository;
  const all = references.resolved + references.external + references.unresolved;
  const cause = (key) => key.replaceAll('-', ' ');
  return h('section', { id: 'figures', 'aria-labelledby': 'figures-title' },
    h('h2', { id: 'figures-title' }, 'How far to trust these figures'),
    WORDS.provenance.map((text) => h('p', null, prose(text))),
    WORDS.real && h('p', null, prose(WORDS.real)),
    h('div', { class: 'columns' },
      h('div', null, h('h3', null, 'Measured or modelled'), sourcesTable()),
      h('div', null, h('h3', null, 'References'), h('dl', { class: 'facts' },
        fact('Followed into this repository', references.resolved, all),
        fact('Followed out of it', references.external, all),
        fact('Not followed', references.unresolved, all)),
      references.unresolved_by_cause.length > 0 && table({
        caption: 'References that were not followed, by cause', sort: { at: 1, down: true },
        columns: [{ label: 'Not followed because of', value: (row) => cause(row.cause) }, { label: 'References', value: (row) => row.count, show: (row) => count(row.count), number: true }],
        rows: references.unresolved_by_cause,
      }))),
    h('h3', null, 'What could not be read or understood'),
    table({
      caption: 'Diagnostics', empty: 'Everything was read.',
      columns: [
        { label: 'Severity', value: (d) => d.severity }, { label: 'Code', value: (d) => d.code },
        { label: 'Where', value: (d) => (d.path ? `${d.path}${d.line ? `:${d.line}` : ''}` : ''), show: (d) => d.path && place(d.path, d.line) },
        { label: 'What', value: (d) => d.message, wide: true },
      ],
      rows: REPORT.diagnostics,
    }),
    h('p', { class: 'quiet' }, 'This page works out seconds by the library\u2019s own rules, to the millisecond; intervals are the report\u2019s and hold for its plan, not for one that was changed here.',
      PAGE.workbenches_left_out > 0 ? ` ${counted(PAGE.workbenches_left_out, 'package')} had no room for plans that can be changed.` : '',
      ` References: ${count(PAGE.map.references[1])} of ${count(PAGE.map.references[0])} between modules are listed line by line; \`split-advisor explain\` has the rest.`.replaceAll('`', '')));
}

function fact(name, value, all) {
  return h('div', null, h('dt', null, name), h('dd', null, h('strong', null, count(value)), h('span', { class: 'quiet' }, ` ${percent((100 * value) / Math.max(all, 1))}`)));
}

function sourcesTable() {
  return table({
    caption: 'Where seconds come from, by mode', filter: false,
    columns: [
      { label: 'Build', value: (m) => COMMAND[m.mode], show: (m) => h('code', null, COMMAND[m.mode]) },
      { label: 'Seconds', value: (m) => m.source },
      { label: 'Front end', value: (m) => m.frontend_s, show: (m) => `${seconds(m.frontend_s)}`, number: true },
      { label: 'Code generation', value: (m) => m.codegen_s, show: (m) => seconds(m.codegen_s), number: true },
      { label: 'Off by at most', value: (m) => m.error_factor, show: (m) => `×${m.error_factor.toFixed(2)}`, number: true },
    ],
    rows: REPORT.costs.modes,
  });
}
