// What is deployed, what says so, and how often commits deploy it again.

function servicesSection() {
  const all = REPORT.deployables.filter((one) => !one.auxiliary);
  if (!all.length) return null;
  const replayed = all.find((one) => one.commits)?.commits.replayed;
  const planned = all.some((one) => one.commits?.after_plan !== undefined);
  const often = (name, of) => ({ label: name, number: true, value: (d) => (d.commits ? of(d.commits) ?? null : null), show: (d) => (d.commits && of(d.commits) !== undefined ? commitBar(of(d.commits), d.commits.replayed) : '–') });
  return h('section', { id: 'services', 'aria-labelledby': 'services-title' },
    h('h2', { id: 'services-title' }, 'Services and what deploys them again'),
    [WORDS.services, WORDS.deploys, WORDS.binaries].filter(Boolean).map((text) => h('p', null, prose(text))),
    replayed && h('p', { class: 'quiet' }, `Of the last ${counted(replayed, 'commit')} that concern a build: how many change a package that the program is built from, after how many it runs something that changed, and with the plans carried out.`),
    table({
      caption: 'Services', rows: all,
      columns: [
        { label: 'Program', value: (d) => d.name, show: (d) => [d.name, d.role && h('span', { class: 'quiet' }, ' role')] },
        { label: 'Package', value: (d) => d.package },
        { label: 'Packages needed', value: (d) => d.packages.length, show: (d) => count(d.packages.length), number: true },
        { label: 'Cost', value: (d) => d.cost_share, show: (d) => percent(100 * d.cost_share), number: true },
        often('Deployed again', (c) => c.redeployed_today), often('Needed', (c) => c.needed), planned && often('With the plans', (c) => c.after_plan),
        { label: 'Evidence', value: (d) => evidence(d).length, show: (d) => (evidence(d).length ? counted(evidence(d).length, 'place') : 'none'), number: true },
      ].filter(Boolean),
      detail: (d) => () => [
        d.does?.length > 0 && h('p', null, `Does: ${d.does.join(', ').replaceAll('-', ' ')}.`),
        evidence(d).length > 0 && [h('h4', null, 'What says that it is deployed, or a role'), list(evidence(d).map((one) => [place(one.file, one.line), ' ', one.what]))],
        d.routes?.length > 0 && [h('h4', null, 'Routes'), list(d.routes.map((one) => [h('code', null, `${one.method ?? 'any'} ${one.path}`), ' ', place(one.file, one.line)]))],
        d.own_files.length > 0 && [h('h4', null, 'Files of which it alone runs something'), list(d.own_files.map((file) => place(file)))],
        h('h4', null, 'Packages'), h('p', null, d.packages.join(', ')),
      ],
    }),
    REPORT.other_binaries?.length > 0 && folded('Other binaries', REPORT.other_binaries.length, () => table({
      caption: 'Other binaries', rows: REPORT.other_binaries,
      columns: [{ label: 'Binary', value: (b) => b.name }, { label: 'Package', value: (b) => b.package }, { label: 'Not deployed because', value: (b) => String(b.because).replaceAll('-', ' '), wide: true }],
    })));
}

function evidence(of) {
  return of.evidence ?? [];
}

function commitBar(commits, all) {
  return h('span', { class: 'often' }, h('span', { class: 'bar', 'aria-hidden': 'true', style: { width: `${(100 * commits) / Math.max(all, 1)}%` } }), h('span', null, count(commits)));
}
