// The page, top to bottom. What lies below the first screen is made when there is time for it.

const SECTIONS = [
  ['verdict', 'Verdict'], ['builds', 'Builds'], ['plan', 'Plan'], ['modules', 'Dependencies'], ['costs', 'Costs'], ['services', 'Services'],
  ['tables', 'Tables'], ['figures', 'Figures'],
];

const SHOWN = {
  builds: PAGE.builds.length > 0, plan: PAGE.workbenches.length > 0, modules: PAGE.workbenches.length > 0 || scopes().length > 0,
  services: REPORT.deployables.some((one) => !one.auxiliary),
};

function skipLinks() {
  return h('nav', { class: 'sections', 'aria-label': 'Sections' },
    h('ul', null, SECTIONS.filter(([id]) => SHOWN[id] !== false).map(([id, name]) => h('li', null, h('a', { href: `#${id}` }, name)))));
}

// A part that fails takes no other along.
function guarded(make) {
  try {
    return make() ?? document.createComment('nothing to show');
  } catch (error) {
    console.error(error);
    return h('p', { class: 'warning' }, 'A part of this page could not be drawn; report.json has everything.');
  }
}

function draw() {
  begin();
  const main = h('main', null, verdictSection());
  replace(document.body, skipLinks(), main);
  performance.mark('split-advisor:verdict');
  const later = [SHOWN.builds && timelineSection, SHOWN.plan && planSection, SHOWN.modules && matrixSection, treemapSection, SHOWN.services && servicesSection, tablesSection, figuresSection].filter(Boolean);
  const next = () => {
    const make = later.shift();
    if (!make) {
      performance.mark('split-advisor:interactive');
      document.documentElement.dataset.ready = 'yes';
      return;
    }
    main.append(guarded(make));
    performance.mark(`split-advisor:${make.name}`);
    setTimeout(next);
  };
  setTimeout(next);
}

// Seconds of the plan that is shown, before and after, by scenario.
function predicted(mode, jobs) {
  const build = buildShown();
  const of = bench().modes.find((one) => one.mode === mode);
  return predict(bench(), of, PLAN.arrangement(), unitsOf(build, build.modes.find((one) => one.mode === mode)), jobs);
}

// For tests and scripts: the page's rules on data of their own.
window.splitAdvisor = {
  predicted, moveModule, toml: () => planToml(MAP, bench(), STATE.layout, 'a test'), simulate, unitOf, editSeconds, feedbackOrder, state: STATE, plan: PLAN, changeState, chooseCandidate, data: DATA,
};

draw();
