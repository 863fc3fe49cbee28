// The plans that were weighed: what each takes and what it gains. A point selects its plan.

function frontierPart() {
  const gains = { edit_saved_pct: 'after an edit', clean_saved_pct: 'clean build' };
  let shown = 'edit_saved_pct', width = 0;
  const frame = h('div', { class: 'frontier' });
  const text = h('p', { class: 'detail', 'aria-live': 'polite' });
  const controls = h('div', { class: 'tools' });
  const draw = () => {
    const of = bench();
    if (!of || !width) return;
    facade.hidden = !of.direct_users;
    const points = frontierOf(of);
    replace(controls, segments('Time saved', Object.entries(gains), shown, (key) => { shown = key; draw(); }));
    replace(frame, frontierPicture(points, shown, width, text));
    replace(text, pointText(points[STATE.candidate] || points[0]));
  };
  const facade = h('p', { class: 'quiet' }, 'These gains leave other packages on the package that stays; the seconds beside are with its users on the crates that they use, which the verdict counts on.');
  const element = h('div', null,
    h('h3', null, 'Plans that were weighed'),
    h('p', { class: 'quiet' }, 'Each point is a plan: to the right more work by hand, up more time saved (a cargo build at the report\u2019s jobs). The number is that of its crates. The line joins those that no other beats.'),
    facade, controls, frame, text);
  onWidth(frame, (now) => { width = now; draw(); });
  listenPlan(draw);
  return element;
}

function frontierOf(of) {
  const { frontier } = packageOf(of.manifest);
  return frontier.map((candidate, at) => ({ ...candidate, at, effort: of.layouts[at].effort }));
}

function pointText(point) {
  const parts = [
    counted(point.crates, 'crate'), point.cuts ? `${counted(point.cuts, 'dependency')} to cut by ${counted(point.edits, 'change')}` : 'nothing to cut',
    point.items_moved && `${counted(point.items_moved, 'item')} to move`, point.visibility && `${counted(point.visibility, 'item')} to make visible`,
    point.blockers && counted(point.blockers, 'blocker'),
    `clean build ${change(point.clean_saved_pct)}, after an edit ${change(point.edit_saved_pct)}`,
  ];
  return [h('strong', null, point.recommended ? 'Recommended: ' : 'This plan: '), `${parts.filter(Boolean).join('; ')}.`];
}

// Points that would lie on each other step aside; a line leads to where they belong.
function apart(places, left, right) {
  const size = 22, done = [];
  places.forEach(([x, y]) => {
    const free = (at) => done.every(([a, b]) => Math.abs(a - at) >= size || Math.abs(b - y) >= size);
    const steps = [0];
    for (let step = 1; step < 40; step++) steps.push(-step * 6, step * 6);
    const found = steps.map((step) => x + step).find((at) => at >= left && at <= right && free(at));
    done.push([found ?? x, y]);
  });
  return done;
}

function frontierPicture(points, gain, width, text) {
  const height = 230, left = 44, bottom = 34, top = 12, right = 16;
  // Work grows over orders of magnitude: a root keeps small plans apart.
  const scale = (effort) => Math.sqrt(effort);
  const most = Math.max(...points.map((point) => scale(point.effort)), 1);
  const least = 0.9 * Math.min(...points.map((point) => scale(point.effort)));
  const high = Math.max(...points.map((point) => point[gain]), 1), low = Math.min(...points.map((point) => point[gain]), 0);
  const x = (effort) => left + ((width - left - right) * (scale(effort) - least)) / (most - least);
  const y = (value) => top + (height - top - bottom) * (1 - (value - low) / (high - low));
  const best = [];
  points.slice().sort((a, b) => a.effort - b.effort || b[gain] - a[gain]).forEach((point) => {
    if (!best.length || point[gain] > best[best.length - 1][gain]) best.push(point);
  });
  const line = best.map((point, at) => `${at ? `H${x(point.effort)}V` : `M${x(point.effort)},`}${y(point[gain])}`).join('');
  const values = ticks(high, 4).concat(low < 0 ? [low] : []);
  const round = ticks(most * most, 5).filter((effort) => scale(effort) >= least);
  const efforts = round.length > 1 ? round : [Math.min(...points.map((point) => point.effort)), most * most];
  const places = apart(points.map((point) => [x(point.effort), y(point[gain])]), left, width - right);
  const leads = points.map((point, at) => [svg('line', { class: 'lead-line', x1: x(point.effort), y1: y(point[gain]), x2: places[at][0], y2: places[at][1] }),
    svg('circle', { class: 'at', cx: x(point.effort), cy: y(point[gain]), r: 2.5 })]);
  const picture = svg('svg', { width, height, 'aria-hidden': 'true' },
    values.map((value) => [svg('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      svg('text', { class: 'tick', x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, percent(value))]),
    efforts.map((effort) => svg('text', { class: 'tick', x: x(effort), y: height - 16, 'text-anchor': 'middle' }, effort < 10 && effort % 1 ? effort.toFixed(1) : count(effort))),
    svg('text', { class: 'tick', x: width - right, y: height - 2, 'text-anchor': 'end' }, 'work by hand, in edits'),
    svg('path', { class: 'best', d: line }), leads);
  const buttons = points.map((point, at) => h('button', {
    type: 'button', class: `point${point.recommended ? ' recommended' : ''}`, 'aria-pressed': String(point.at === STATE.candidate),
    'aria-label': `${counted(point.crates, 'crate')}, ${change(point[gain])} time, ${point.effort.toFixed(1)} edits${point.recommended ? ', recommended' : ''}`,
    style: { left: `${places[at][0]}px`, top: `${places[at][1]}px` },
    onclick: () => chooseCandidate(point.at),
    onpointerenter: () => replace(text, pointText(point)), onfocus: () => replace(text, pointText(point)),
  }, h('span', { 'aria-hidden': 'true' }, point.crates)));
  return [picture, h('div', { class: 'points', role: 'group', 'aria-label': 'Plans' }, buttons)];
}
