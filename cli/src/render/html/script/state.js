// What the reader has chosen, in one place; views listen.

const STATE = {
  jobs: REPORT.settings.jobs,
  mode: null,
  scenario: 'clean',
  // The crate that an edit changes, by name; null for the one that is changed most.
  edited: null,
  // The package whose plan is shown, by position among the workbenches; −1 without any.
  bench: PAGE.workbenches.length ? 0 : -1,
  // The point of the frontier, and the plan as the reader has changed it.
  candidate: null,
  layout: null,
  moved: [],
};

const LISTENERS = [];

function listen(update) {
  LISTENERS.push(update);
  update();
}

// Only when the plan that is shown is another one.
function listenPlan(update) {
  let seen = null;
  listen(() => {
    if (seen && seen[0] === STATE.bench && seen[1] === STATE.layout && seen[2] === STATE.candidate) return;
    seen = [STATE.bench, STATE.layout, STATE.candidate];
    update();
  });
}

function changeState(patch) {
  Object.assign(STATE, patch);
  if ('layout' in patch || 'bench' in patch) PLAN.forget();
  LISTENERS.forEach((update) => update());
}

function bench() {
  return PAGE.workbenches[STATE.bench];
}

function buildShown() {
  const shown = bench();
  return PAGE.builds.find((build) => shown && build.workspace === shown.workspace) || PAGE.builds[0];
}

// The plan that is shown, worked out once for each change of it.
const PLAN = (() => {
  let arranged = null;
  const split = new Map();
  return {
    forget() {
      arranged = null;
      split.clear();
    },
    arrangement() {
      if (!bench() || !STATE.layout) return null;
      arranged = arranged || arrange(MAP, bench(), STATE.layout);
      return arranged;
    },
    // Units with the plan carried out, where the mode's build compiles the package.
    split(build, mode) {
      const of = bench()?.modes.find((one) => one.mode === mode.mode);
      if (!of || !PLAN.arrangement() || build.workspace !== bench().workspace) return null;
      if (!split.has(mode.mode)) split.set(mode.mode, splitUnits(bench(), of, PLAN.arrangement(), unitsOf(build, mode).units));
      return split.get(mode.mode);
    },
  };
})();

function chooseCandidate(at) {
  changeState({ candidate: at, layout: at === null ? null : layoutOf(bench(), at), moved: [], edited: null });
}

function chooseBench(at) {
  const chosen = PAGE.workbenches[at];
  const candidate = chosen ? chosen.chosen ?? 0 : null;
  STATE.bench = at;
  chooseCandidate(candidate);
}

// Starts where the report does.
function begin() {
  const modes = buildShown()?.modes.map((mode) => mode.mode) || [];
  STATE.mode = modes.includes('dev') ? 'dev' : modes[0] || null;
  const chosen = bench();
  if (chosen) {
    STATE.candidate = chosen.chosen ?? 0;
    STATE.layout = layoutOf(chosen, STATE.candidate);
  }
}
