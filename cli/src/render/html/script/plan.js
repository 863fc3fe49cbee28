// The plan: which were weighed, what the chosen one looks like, and what changing it by hand does.

function planSection() {
  const withPlans = PAGE.workbenches.map((of, at) => [at, of]);
  const chooser = withPlans.length > 1 && choice('Package', withPlans.map(([at, of]) => {
    const pkg = packageOf(of.manifest);
    return [at, `${pkg ? label(pkg) : of.package} (${pkg ? VERDICT[pkg.verdict.kind].toLowerCase() : 'plan'})`];
  }), STATE.bench, (at) => chooseBench(Number(at)));
  const note = h('p', { class: 'quiet' });
  listenPlan(() => {
    const pkg = packageOf(bench().manifest);
    replace(note, pkg.verdict.kind === 'keep' ? prose(`\`${pkg.name}\` is to be kept in one piece: ${WORDS.packages[pkg.manifest].because}. What a split of it would look like all the same:`) : '');
    note.hidden = pkg.verdict.kind !== 'keep';
  });
  return h('section', { id: 'plan', 'aria-labelledby': 'plan-title' },
    h('h2', { id: 'plan-title' }, 'The plan, and others'), chooser && h('div', { class: 'tools' }, chooser), note,
    h('div', { class: 'columns' }, frontierPart(), h('div', null, h('h3', null, 'This plan'), resultPart())),
    graphPart(), movingPart());
}
