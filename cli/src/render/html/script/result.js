// What the plan that is shown costs and gains, worked out anew after each change.

function resultPart() {
  const element = h('div', { class: 'result' });
  const live = h('p', { class: 'hidden', role: 'status' });
  const update = () => {
    const arrangement = PLAN.arrangement();
    if (!arrangement) return;
    const build = buildShown();
    const of = bench();
    const changed = STATE.moved.length > 0;
    const given = changed ? arrange(MAP, of, layoutOf(of, STATE.candidate)) : arrangement;
    const modes = of.modes.map((mode) => {
      const known = unitsOf(build, build.modes.find((one) => one.mode === mode.mode));
      return { mode: mode.mode, now: predict(of, mode, arrangement, known, STATE.jobs), was: changed && predict(of, mode, given, known, STATE.jobs) };
    });
    const cut = arrangement.back.reduce((sum, [, , references]) => sum + references, 0);
    const wasCut = given.back.reduce((sum, [, , references]) => sum + references, 0);
    const said = [
      ['Crates', arrangement.crates.filter((krate) => krate.lines > 0).length, given.crates.filter((krate) => krate.lines > 0).length],
      ['Cycles between crates', arrangement.cycles.length, given.cycles.length],
      ['References against the order', cut, wasCut],
      ['Pairs of items to cut', arrangement.pairs, given.pairs],
      ['impls moved with their type or trait', arrangement.orphans, given.orphans],
    ];
    const versus = (now, was) => changed && now !== was && h('span', { class: `delta ${now < was ? 'good' : 'bad'}` }, ` ${now > was ? '+' : '−'}${count(Math.abs(now - was))}`);
    replace(element,
      h('dl', { class: 'facts' }, said.map(([name, now, was]) => h('div', null, h('dt', null, name), h('dd', null, h('strong', null, count(now)), versus(now, was))))),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Seconds of this plan' }, h('table', { class: 'seconds' },
        h('caption', { class: 'hidden' }, 'Seconds of this plan'),
        h('thead', null, h('tr', null, ['Build', 'Today', 'This plan', 'Time', changed && 'Against the plan chosen'].filter(Boolean).map((name, at) => h('th', { scope: 'col', class: at ? 'number' : null }, name)))),
        h('tbody', null, modes.flatMap(({ mode, now, was }) => ['clean', 'edit'].map((scenario) => h('tr', null,
          h('th', { scope: 'row' }, `${SCENARIO[scenario]}, `, h('code', null, COMMAND[mode])),
          h('td', { class: 'number' }, seconds(now[scenario][0])), h('td', { class: 'number' }, seconds(now[scenario][1])),
          h('td', { class: 'number' }, change(savedPercent(...now[scenario]))),
          changed && h('td', { class: 'number' }, signed(now[scenario][1] - was[scenario][1])))))))),
      arrangement.cycles.length > 0 && h('p', { class: 'warning' }, `Crates in a cycle: ${arrangement.cycles.map((scc) => scc.map((at) => arrangement.crates[at].name).join(', ')).join('; ')}. Seconds hold once what runs against the order is cut.`));
    replace(live, `${counted(cut, 'reference')} against the order, ${counted(arrangement.cycles.length, 'cycle')}.`);
  };
  // Plans are shown anew at once, another number of jobs when the slider rests.
  let shown = null, waiting = 0;
  listen(() => {
    clearTimeout(waiting);
    if (shown === STATE.layout) waiting = setTimeout(update, 150);
    else update();
    shown = STATE.layout;
  });
  return h('div', null, element, live);
}

function signed(s) {
  return Math.abs(s) < 0.0005 ? '±0' : `${s > 0 ? '+' : '−'}${seconds(Math.abs(s))}`;
}
