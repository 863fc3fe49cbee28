// Builds before and after as cargo runs them: one lane for each process that runs at a time.

const LANE = 20, AXIS = 22, MOST_JOBS = 64;

function timelineSection() {
  const controls = h('div', { class: 'tools' });
  const summary = h('div', { class: 'summary' });
  const today = chart('Today'), planned = chart('With the plan');
  const jobsText = h('output', { class: 'jobs' });
  const slider = h('input', { type: 'range', min: 1, max: MOST_JOBS, step: 1, value: STATE.jobs, id: 'jobs', oninput: () => changeState({ jobs: Number(slider.value) }) });
  const rows = h('div');
  const units = h('details', { class: 'units', ontoggle: () => listUnits() }, h('summary', null, 'All units as a table'), rows);
  const listUnits = () => replace(rows, units.open ? unitTables(pairShown(buildShown())) : []);
  let drawnFor = '';
  const drawControls = () => {
    const build = buildShown();
    const key = [build.workspace, STATE.bench, STATE.layout && STATE.layout.names.join()].join('|');
    if (key === drawnFor) return;
    drawnFor = key;
    const modes = build.modes.map((mode) => [mode.mode, COMMAND[mode.mode].replace('cargo ', '')]);
    replace(controls,
      segments('cargo', modes, STATE.mode, (mode) => changeState({ mode })),
      segments('Build', [['clean', 'clean'], ['edit', 'after an edit']], STATE.scenario, (scenario) => changeState({ scenario })),
      editChoice(),
      h('span', { class: 'field slider' }, h('label', { for: 'jobs' }, 'Jobs'), slider, jobsText));
  };
  const update = () => {
    const build = buildShown();
    if (!build || !STATE.mode) return;
    drawControls();
    jobsText.value = count(STATE.jobs);
    slider.value = STATE.jobs;
    controls.querySelectorAll('.edited').forEach((field) => { field.hidden = STATE.scenario !== 'edit'; });
    const pair = pairShown(build);
    const most = Math.max(pair.before.schedule.makespan, pair.after ? pair.after.schedule.makespan : 0);
    replace(summary, ...summaryOf(pair));
    today.show(pair.before, most);
    planned.element.hidden = !pair.after;
    if (pair.after) planned.show(pair.after, most);
    listUnits();
  };
  const section = h('section', { id: 'builds', 'aria-labelledby': 'builds-title' },
    h('h2', { id: 'builds-title' }, bench() ? 'Builds before and after' : 'The build today'),
    h('p', { class: 'quiet' }, 'Simulated as cargo runs them: a unit starts when the metadata of what it needs is there and a job is free. Point at a unit, or step through them with the arrow keys, for its costs.'),
    controls, summary, legend(), today.element, planned.element, units);
  listen(update);
  return section;
}

function legend() {
  const key = (kind, text) => h('li', null, h('span', { class: `key ${kind}`, 'aria-hidden': 'true' }), text);
  return h('ul', { class: 'legend' }, key('front', 'front end, until dependents may start'), key('code', 'code generation'), key('link', 'linking'),
    bench() && key('own', 'the package that is split'), key('critical', 'critical path'));
}

// The units that are built, today and with the plan.
function pairShown(build) {
  const mode = build.modes.find((one) => one.mode === STATE.mode) || build.modes[0];
  const known = unitsOf(build, mode);
  const machine = machineOf(known.machine, STATE.jobs);
  const split = PLAN.split(build, mode);
  const run = (units, own) => ({ units, own: new Set(own), schedule: simulate(units, STATE.jobs, machine) });
  const wholes = split ? split.parts.map((part) => part.whole) : [];
  const all = split ? split.parts.flatMap((part) => part.ids) : [];
  if (STATE.scenario !== 'edit') return { before: run(known.units, wholes), after: split && run(split.units, all) };
  if (!split) {
    const unit = Number(STATE.edited ?? largestUnit(known.units));
    return { before: run(edited(known.units, [unit], known.shares), [unit]), after: null };
  }
  const at = editedCrate();
  return {
    before: run(edited(known.units, wholes, known.shares), wholes),
    after: run(edited(split.units, split.parts.map((part) => part.ids[at]), known.shares), all),
  };
}

function largestUnit(units) {
  return units.reduce((best, unit, at) => (workOf(unit) > workOf(units[best]) ? at : best), 0);
}

// The crate of the plan whose edit is shown: the one that is chosen, else the likeliest.
function editedCrate() {
  const { crates } = PLAN.arrangement();
  const chosen = crates.findIndex((krate) => krate.name === STATE.edited);
  if (chosen >= 0) return chosen;
  const weight = (krate) => weightOf(bench(), krate);
  return crates.reduce((best, krate, at) => (weight(krate) > weight(crates[best]) ? at : best), 0);
}

function editChoice() {
  const arrangement = PLAN.arrangement();
  let options, value;
  if (arrangement) {
    const weight = (krate) => weightOf(bench(), krate);
    options = arrangement.crates.filter((krate) => krate.pieces.length).map((krate) => [krate.name, `${krate.name} (${percent(100 * weight(krate))} of edits)`]);
    value = arrangement.crates[editedCrate()].name;
  } else {
    const build = buildShown();
    const { units } = unitsOf(build, build.modes.find((one) => one.mode === STATE.mode) || build.modes[0]);
    options = units.map((unit, at) => [at, unit.name]).sort((a, b) => (a[1] < b[1] ? -1 : 1));
    value = STATE.edited ?? largestUnit(units);
  }
  const field = choice('of', options, value, (name) => changeState({ edited: name }));
  field.classList.add('edited');
  return field;
}

// Whether the report counts the saving of this kind of build, of the plan as it is there.
function isSure() {
  const of = bench();
  if (STATE.moved.length || STATE.candidate !== of.chosen) return false;
  return packageOf(of.manifest).savings.some((one) => one.scenario === STATE.scenario && one.mode === STATE.mode && one.significant);
}

function summaryOf({ before, after }) {
  const figure = (name, run) => h('div', null, h('span', { class: 'quiet' }, name), h('strong', null, seconds(run.schedule.makespan)),
    h('span', { class: 'quiet' }, `${seconds(run.schedule.work)} of work in ${counted(run.units.filter((unit) => !unit.fresh).length, 'unit')}`));
  const saved = after && savedPercent(before.schedule.makespan, after.schedule.makespan);
  return [figure('Today', before), after && figure('With the plan', after),
    after && h('div', { class: saved < -0.05 ? 'bad' : isSure() ? 'good' : null }, h('span', { class: 'quiet' }, 'Time'), h('strong', null, change(saved)),
      h('span', { class: 'quiet' }, `${seconds(Math.abs(before.schedule.makespan - after.schedule.makespan))} ${saved >= 0 ? 'less' : 'more'}`))];
}

// Lanes: each unit goes into the first that is free when it starts.
function lanesOf({ units, schedule }) {
  const ran = units.map((_, at) => at).filter((at) => !units[at].fresh && schedule.end[at] > 0);
  ran.sort((a, b) => schedule.start[a] - schedule.start[b] || a - b);
  const free = [], lane = new Map();
  for (const at of ran) {
    let found = free.findIndex((until) => until <= schedule.start[at] + 1e-9);
    if (found < 0) found = free.push(0) - 1;
    free[found] = schedule.end[at];
    lane.set(at, found);
  }
  return { ran, lane, count: free.length };
}

// One picture. A single stop for the keyboard: arrows go from unit to unit.
function chart(title) {
  const id = freshId('chart');
  const head = h('h3', { id }, title);
  const detail = h('p', { class: 'detail', 'aria-live': 'polite' }, '');
  const frame = h('div', { class: 'frame', tabindex: 0, role: 'group', 'aria-labelledby': id, 'aria-describedby': `${id}-keys` });
  const keys = h('span', { class: 'hidden', id: `${id}-keys` }, 'Arrow keys go from unit to unit in the order of their start, page keys along the critical path.');
  const element = h('div', { class: 'timeline' }, head, keys, frame, detail);
  let run = null, most = 0, width = 0, lanes = null, chosen = null;
  const draw = () => {
    if (!run || !width) return;
    lanes = lanesOf(run);
    replace(frame, picture(run, lanes, most, width));
    mark(chosen !== null && lanes.lane.has(chosen) ? chosen : null);
  };
  const mark = (at) => {
    chosen = at;
    frame.querySelectorAll('.chosen').forEach((one) => one.classList.remove('chosen'));
    frame.querySelectorAll('.needed').forEach((one) => one.classList.remove('needed'));
    if (at === null) return;
    frame.querySelector(`[data-unit="${at}"]`)?.classList.add('chosen');
    run.units[at].dependencies.forEach(([on]) => frame.querySelector(`[data-unit="${on}"]`)?.classList.add('needed'));
    replace(detail, unitDetail(run, at));
  };
  frame.addEventListener('pointermove', (event) => {
    const unit = event.target.closest('[data-unit]');
    if (unit && Number(unit.dataset.unit) !== chosen) mark(Number(unit.dataset.unit));
  });
  frame.addEventListener('keydown', (event) => {
    const { path } = run.schedule;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const along = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step && !along && !['Home', 'End'].includes(event.key)) return;
    event.preventDefault();
    const order = along ? path : lanes.ran;
    const now = order.indexOf(chosen);
    if (event.key === 'Home') mark(order[0]);
    else if (event.key === 'End') mark(order[order.length - 1]);
    else mark(order[Math.min(Math.max(now + (step || along), 0), order.length - 1)]);
  });
  onWidth(frame, (now) => {
    width = now;
    draw();
  });
  return {
    element,
    show(next, longest) {
      run = next;
      most = longest;
      replace(head, title, h('span', { class: 'quiet' }, ` ${seconds(run.schedule.makespan)}, critical path of ${counted(run.schedule.path.length, 'unit')}`));
      draw();
    },
  };
}

function picture(run, { ran, lane, count: lanes }, most, width) {
  const { units, schedule, own } = run;
  const right = 12;
  const x = (time) => ((width - right) * time) / most;
  const height = Math.max(lanes, 1) * LANE + AXIS;
  const critical = new Set(schedule.path);
  const axis = ticks(most, Math.max(2, Math.floor(width / 110))).map((time) => [
    svg('line', { class: 'grid', x1: x(time), x2: x(time), y1: 0, y2: height - AXIS }),
    svg('text', { class: 'tick', x: x(time), y: height - 6, 'text-anchor': time === 0 ? 'start' : 'middle' }, seconds(time)),
  ]);
  const bar = (at) => {
    const y = lane.get(at) * LANE;
    const [from, to] = [x(schedule.start[at]), x(schedule.end[at])];
    const full = Math.max(to - from, 0.75);
    const cuts = [[0, schedule.start[at]], ...schedule.phases[at], [4, schedule.end[at]]];
    const parts = cuts.slice(0, -1).map(([phase, time], i) => svg('rect', {
      class: ['front', 'code', 'link', 'link'][phase], x: x(time), y: y + 2, width: Math.max(x(cuts[i + 1][1]) - x(time), 0.5), height: LANE - 5,
    }));
    const name = units[at].name;
    const fits = Math.floor((full - 8) / 6.4);
    const text = fits >= 4 && svg('text', { class: 'name', x: from + 4, y: y + LANE - 7 }, name.length <= fits ? name : `${name.slice(0, fits - 1)}…`);
    return svg('g', { 'data-unit': at, class: `unit${own.has(at) ? ' own' : ''}${critical.has(at) ? ' critical' : ''}` },
      svg('rect', { class: 'hit', x: from, y, width: full, height: LANE }), parts,
      critical.has(at) && svg('rect', { class: 'underline', x: from, y: y + LANE - 3, width: full, height: 2 }), text);
  };
  const end = x(schedule.makespan);
  return svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' }, axis, ran.map(bar),
    svg('line', { class: 'end', x1: end, x2: end, y1: 0, y2: height - AXIS }));
}

function unitDetail({ units, schedule }, at) {
  const unit = units[at];
  const parts = [
    `starts at ${seconds(schedule.start[at])}, ends at ${seconds(schedule.end[at])}`,
    `front end ${seconds(unit.frontend)}`,
    unit.codegen > 0 && `code generation ${seconds(unit.codegen)} of work on up to ${counted(Math.max(unit.threads, 1), 'thread')}`,
    unit.lto > 0 && `link-time optimisation ${seconds(unit.lto)}`,
    unit.link > 0 && `linking ${seconds(unit.link)}`,
    unit.dependencies.length && `waits for ${counted(unit.dependencies.length, 'unit')}`,
    schedule.path.includes(at) && 'on the critical path',
  ];
  return [h('strong', null, unit.name), `: ${parts.filter(Boolean).join('; ')}.`];
}

function unitTables({ before, after }) {
  return [['Today', before], ['With the plan', after]].filter(([, run]) => run).map(([title, run]) => {
    const critical = new Set(run.schedule.path);
    const column = (name, of) => ({ label: name, number: true, value: of, show: (at) => seconds(of(at)) });
    return [h('h3', null, title), table({
      caption: `Units: ${title}`, sort: { at: 5, down: true },
      rows: run.units.map((_, at) => at).filter((at) => !run.units[at].fresh),
      columns: [
        { label: 'Unit', value: (at) => run.units[at].name }, column('Start', (at) => run.schedule.start[at]),
        column('Metadata', (at) => run.schedule.metadata[at]), column('End', (at) => run.schedule.end[at]),
        column('Front end', (at) => run.units[at].frontend), column('All work', (at) => workOf(run.units[at])),
        { label: 'Critical', value: (at) => (critical.has(at) ? 'yes' : '') },
      ],
    })];
  });
}
