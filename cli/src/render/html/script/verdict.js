// The first screen: the verdict, what it gains, what it costs.

function verdictSection() {
  const first = REPORT.packages[0];
  const [answer, ...rest] = headlineOf(WORDS.headline);
  const kind = first ? first.verdict.kind : 'keep';
  return h('header', { class: `verdict ${kind}`, id: 'verdict' },
    h('p', { class: 'about' }, aboutLine()),
    h('h1', null, prose(answer)),
    rest.length > 0 && h('p', { class: 'lead' }, prose(rest.join(' '))),
    first && (first.savings.length || first.plan) ? h('div', { class: 'cards' }, gainCard(first), costCard(first)) : null,
    first && whyList(first),
    helpList(first),
    othersLine());
}

// The answer itself, and what is said of it: the first sentence as far as a colon or semicolon, without its full stop.
function headlineOf(text) {
  const [first, ...rest] = text.split(/(?<=\.)\s+(?=[A-Z`])/);
  const parted = /^(.*?)[:;]\s+(.*)$/.exec(first);
  const answer = parted ? parted[1] : first;
  const others = parted ? [sentence(parted[2])].concat(rest) : rest;
  return [answer.replace(/\.$/, ''), ...others];
}

function aboutLine() {
  const { repository, settings, tool } = REPORT;
  const parts = [
    `${tool.name} ${tool.version}`,
    `${counted(repository.lines, 'line')} in ${counted(repository.packages, 'package')}`,
    settings.commit && `commit ${settings.commit.slice(0, 10)}`,
    `${counted(settings.jobs, 'job')}`,
    settings.target,
  ];
  return parts.filter(Boolean).join(' · ');
}

function gainCard(pkg) {
  const { week } = pkg.verdict;
  return h('section', { class: 'card', 'aria-labelledby': 'gain' },
    h('h2', { id: 'gain' }, pkg.plan ? 'What it gains' : prose(`What a split of \`${label(pkg)}\` would gain`)),
    week && h('p', { class: 'figure' },
      h('strong', null, minutes(week.before_min - week.after_min)),
      ` less waiting a week: ${minutes(week.before_min)} today, ${minutes(week.after_min)} with the plan`),
    h('table', { class: 'savings' },
      h('caption', { class: 'hidden' }, 'Predicted builds, today and with the plan'),
      h('thead', null, h('tr', null, ['Build', 'Today', 'With the plan', 'Time'].map((text, at) => h('th', { scope: 'col', class: at ? 'number' : null }, text)))),
      h('tbody', null, pkg.savings.map(savingRow))),
    h('p', { class: 'quiet' }, `Medians with ${counted(REPORT.settings.jobs, 'job')}; in brackets the 80 % interval. Grey: not above the noise.`));
}

function savingRow(one) {
  const most = Math.max(one.before_s.p50, one.after_s.p50, 1e-9);
  const bar = (of, kind) => h('span', { class: `bar ${kind}`, style: { '--part': of / most } });
  return h('tr', { class: one.significant ? null : 'noise' },
    h('th', { scope: 'row' }, SCENARIO[one.scenario], h('br'), h('code', null, COMMAND[one.mode])),
    h('td', { class: 'number' }, seconds(one.before_s.p50), bar(one.before_s.p50, 'before')),
    h('td', { class: 'number' }, seconds(one.after_s.p50), bar(one.after_s.p50, 'after')),
    h('td', { class: 'number' }, h('strong', null, change(one.saved_pct.p50)), h('br'),
      h('span', { class: 'quiet' }, `(${change(one.saved_pct.p10)} to ${change(one.saved_pct.p90)})`)));
}

function costCard(pkg) {
  const { plan, verdict } = pkg;
  const { week, pays_share: pays } = verdict;
  const rows = [];
  const row = (name, value, note) => rows.push(h('div', null, h('dt', null, name), h('dd', null, h('strong', null, value), note && h('span', { class: 'quiet' }, ` ${note}`))));
  if (week) row('Work by hand', `${week.work_h.toFixed(1)}${NBSP}h`, `given back in ${(week.before_min > week.after_min ? (60 * week.work_h) / (week.before_min - week.after_min) : Infinity).toFixed(0)} weeks`.replace('Infinity weeks', 'no time'));
  if (plan) {
    row('New crates', count(WORDS.packages[pkg.manifest].holding), 'that hold code');
    row('Dependencies to cut', count(plan.cuts.length));
    row('Items to make visible', count(plan.visibility.length));
    row('Changes in code', count(plan.edits.filter((edit) => edit.kind !== 'widen').length), 'moves, paths, tests');
    row('To resolve by hand', count(plan.blockers.length), 'blockers');
  }
  return h('section', { class: 'card', 'aria-labelledby': 'cost' },
    h('h2', { id: 'cost' }, pkg.plan ? 'What it costs' : 'What it would cost'),
    h('dl', { class: 'facts' }, rows),
    pays !== undefined && h('p', null, h('span', { class: 'meter', 'aria-hidden': 'true' }, h('span', { style: { width: `${100 * pays}%` } })),
      `Pays in ${percent(100 * pays)} of the cases that the errors of the figures allow.`));
}

function whyList(pkg) {
  const said = REPORT.packages.length === 1 && pkg.verdict.kind === 'keep' ? 1 : 0;
  const causes = pkg.verdict.causes.slice(said);
  if (!causes.length || (REPORT.packages.length > 1 && pkg.verdict.kind === 'keep' && !pkg.plan)) return null;
  return h('section', { class: 'why' }, h('h2', null, 'Why'), h('ul', null, causes.map((cause) => h('li', null, prose(sentence(cause.detail))))));
}

// A fragment as a sentence.
function sentence(text) {
  const whole = text[0].toUpperCase() + text.slice(1);
  return whole.endsWith('.') ? whole : `${whole}.`;
}

function helpList(first) {
  const kept = !first || !first.plan;
  const extra = kept ? [WORDS.limits, WORDS.hub].filter(Boolean) : [];
  const all = extra.concat(WORDS.levers);
  if (!all.length) return null;
  return h('section', { class: 'why' }, h('h2', null, kept ? 'What helps without a split' : 'Cheaper than a split'),
    h('ul', null, all.slice(0, 5).map((text) => h('li', null, prose(text)))),
    all.length > 5 && h('details', null, h('summary', null, `${all.length - 5} more`), h('ul', null, all.slice(5).map((text) => h('li', null, prose(text))))));
}

function othersLine() {
  const all = WORDS.others.concat([WORDS.commits, WORDS.services, WORDS.deploys].filter(Boolean));
  if (!all.length) return null;
  return h('details', { class: 'why' }, h('summary', null, h('h2', null, 'Other packages, commits and deploys')), h('ul', null, all.map((text) => h('li', null, prose(text)))));
}
