// Cargo's job queue, as the library simulates it (`analyzer/src/simulate/engine.rs`): the same rules in the same order, so that
// both come to the same seconds. What a rule is for is written there; a test compares the two on random graphs.

const METADATA = 0, ALL = 1, CLOSURE = 2;
const FRONTEND = 0, CODEGEN = 1, LTO = 2, LINK = 3;

// A unit as the data has it: a row of fields and dependencies as 3 × unit + what is awaited.
function unitOf(row) {
  const [name, frontend, codegen, threads, serial, lto, ltoThreads, link, flags, again, dependencies] = row;
  return {
    name, frontend, codegen, threads, serial, lto, ltoThreads, link,
    fromScratch: (flags & 1) > 0, fresh: (flags & 2) > 0, again,
    dependencies: dependencies.map((code) => [Math.floor(code / 3), code % 3]),
  };
}

function links(unit) {
  return unit.link > 0 || unit.lto > 0;
}

function workOf(unit) {
  return unit.frontend + unit.codegen + unit.lto + unit.link;
}

// Who waits for each unit, by what they wait for.
function usersOf(units) {
  const users = units.map(() => [[], [], []]);
  units.forEach((unit, at) => unit.dependencies.forEach(([on, kind]) => users[on][kind].push(at)));
  return users;
}

// How many units depend on each, directly or not; cargo's order of pending units.
function dependentsOf(units, users) {
  const waiting = units.map((unit) => unit.dependencies.length);
  const order = [];
  waiting.forEach((count, at) => count === 0 && order.push(at));
  for (let next = 0; next < order.length; next++) {
    for (const user of users[order[next]].flat()) {
      waiting[user] -= 1;
      if (waiting[user] === 0) order.push(user);
    }
  }
  const words = Math.ceil(units.length / 32);
  const rows = units.map(() => new Uint32Array(words));
  const counts = units.map(() => 0);
  for (const unit of order.slice().reverse()) {
    const own = rows[unit];
    for (const user of users[unit].flat()) {
      own[user >> 5] |= 1 << (user & 31);
      rows[user].forEach((word, i) => { own[i] |= word; });
    }
    for (let word of own) {
      for (; word; word &= word - 1) counts[unit] += 1;
    }
  }
  return counts;
}

// The share of a core's undisturbed speed that each of so many busy threads has.
function machineSpeed(machine, busy) {
  const cores = Math.max(machine.cores, 1);
  const working = Math.min(Math.max(busy, 1), cores);
  const others = cores > 1 ? (working - 1) / (cores - 1) : 0;
  return (working / Math.max(busy, 1)) / (1 + machine.contention * others);
}

function phaseWork(unit, phase) {
  return [unit.frontend, unit.codegen, unit.lto, unit.link][phase];
}

function phaseThreads(unit, phase) {
  if (phase === CODEGEN) return Math.max(unit.threads, 1);
  return phase === LTO ? Math.max(unit.ltoThreads, 1) : 1;
}

function phaseSpeed(unit, phase, threads) {
  const k = Math.max(threads, 1);
  return phase === CODEGEN ? k / (1 + unit.serial * (k - 1)) : k;
}

// Simulates a build. `machine` has `cores`, `contention`, `start` and `before`. The answer has for each unit its start, when
// its metadata is ready and its end; the critical path, first to last; and when its phases after the front end began.
function simulate(units, jobs, machine) {
  const count = units.length;
  const users = usersOf(units);
  const priority = dependentsOf(units, users);
  const missing = units.map((unit) => unit.dependencies.length);
  const unfinished = units.map((unit) => unit.dependencies.length + 1);
  const start = new Array(count).fill(0), metadata = new Array(count).fill(0), end = new Array(count).fill(0);
  const readiedBy = new Array(count).fill(-1), ready = new Array(count).fill(0), follows = new Array(count).fill(-1);
  const phases = units.map(() => []);
  const pending = [];
  let running = [];
  const waiters = [];
  let now = machine.before, work = 0, moment = 0, kept = 0, free = Math.max(jobs, 1);
  let cargoWaits = false, lastRelease = -1, lastEnd = -1;

  const noteUsers = (list, by, found) => {
    for (const user of list) {
      missing[user] -= 1;
      if (missing[user] === 0) {
        readiedBy[user] = by;
        ready[user] = now;
        found.push(user);
      }
    }
  };
  const note = (unit, kind, found) => {
    const by = units[unit].fresh ? readiedBy[unit] : unit;
    if (kind !== CLOSURE) return noteUsers(users[unit][kind], by, found);
    const open = [unit];
    while (open.length) {
      const at = open.pop();
      unfinished[at] -= 1;
      if (unfinished[at] === 0) {
        noteUsers(users[at][CLOSURE], by, found);
        open.push(...users[at][METADATA], ...users[at][ALL], ...users[at][CLOSURE]);
      }
    }
  };
  const admit = (found) => {
    while (found.length) {
      const unit = found.pop();
      if (units[unit].fresh) {
        start[unit] = metadata[unit] = end[unit] = now;
        [METADATA, ALL, CLOSURE].forEach((kind) => note(unit, kind, found));
        continue;
      }
      pending.push([priority[unit], moment, unit]);
      if (!cargoWaits) {
        cargoWaits = true;
        waiters.push(null);
      }
    }
  };
  const release = (unit, kinds) => {
    const found = [];
    kinds.forEach((kind) => note(unit, kind, found));
    admit(found);
  };
  // The highest priority first, then the latest moment, then the lowest number.
  const before = (a, b) => (a[0] !== b[0] ? a[0] > b[0] : a[1] !== b[1] ? a[1] > b[1] : a[2] < b[2]);
  const startNext = () => {
    if (!pending.length) return;
    let best = 0;
    for (let i = 1; i < pending.length; i++) if (before(pending[i], pending[best])) best = i;
    const unit = pending.splice(best, 1)[0][2];
    follows[unit] = ready[unit] < now ? lastRelease : readiedBy[unit];
    start[unit] = now;
    const until = work + machine.start + units[unit].frontend;
    running.push({ unit, phase: FRONTEND, until, threads: 1 });
    if (until <= work) nextPhase(unit);
  };
  const nextPhase = (unit) => {
    const slot = running.findIndex((run) => run.unit === unit);
    if (slot < 0) return;
    const run = running[slot], data = units[unit];
    free += run.threads - 1;
    run.threads = 1;
    if (run.phase === FRONTEND) {
      metadata[unit] = now;
      release(unit, [METADATA]);
    } else {
      lastRelease = unit;
    }
    let phase = run.phase + 1;
    while (phase <= LINK && !(phaseWork(data, phase) > 0)) phase += 1;
    if (phase <= LINK) {
      run.phase = phase;
      run.until = work + phaseWork(data, phase);
      phases[unit].push([phase, now]);
      if (phaseThreads(data, phase) > 1) waiters.push([unit, phase]);
      return;
    }
    lastRelease = unit;
    running[slot] = running[running.length - 1];
    running.pop();
    kept += 1;
    end[unit] = now;
    if (!data.fresh) lastEnd = unit;
    release(unit, [ALL, CLOSURE]);
  };
  const serveThreads = ([unit, phase]) => {
    const run = running.find((one) => one.unit === unit && one.phase === phase);
    if (!run) return;
    const data = units[unit];
    const left = (run.until - work) * phaseSpeed(data, phase, run.threads);
    run.threads += 1;
    run.until = work + left / phaseSpeed(data, phase, run.threads);
    free -= 1;
    if (run.threads < phaseThreads(data, phase)) waiters.push([unit, phase]);
  };
  const serveCargo = () => {
    if (pending.length) {
      free -= 1;
      startNext();
    }
    cargoWaits = pending.length > 0;
    if (cargoWaits) waiters.push(null);
  };
  const handOut = () => {
    for (;;) {
      while (kept > 0 && pending.length) {
        kept -= 1;
        startNext();
      }
      free += kept;
      kept = 0;
      if (free === 0 || !waiters.length) return;
      const waiter = waiters.shift();
      if (waiter === null) serveCargo();
      else serveThreads(waiter);
    }
  };

  const first = [];
  missing.forEach((waits, at) => waits === 0 && first.push(at));
  admit(first);
  handOut();
  while (running.length) {
    const next = running.reduce((least, run) => Math.min(least, run.until), Infinity);
    const busy = running.reduce((sum, run) => sum + run.threads, 0);
    const speed = machineSpeed(machine, busy);
    if (next > work) {
      now = speed === 1 && now === work ? next : now + (next - work) / speed;
      work = next;
    }
    moment += 1;
    const due = running.filter((run) => run.until <= work).map((run) => run.unit);
    due.sort((a, b) => a - b).forEach(nextPhase);
    handOut();
  }
  const path = [];
  for (let at = lastEnd; at >= 0; at = follows[at]) if (!units[at].fresh) path.push(at);
  return {
    makespan: end.reduce((latest, at) => Math.max(latest, at), 0),
    work: units.reduce((sum, unit) => sum + (unit.fresh ? 0 : workOf(unit)), 0),
    start, metadata, end, phases, path: path.reverse(),
  };
}

// What a rebuild does again of a front end and of code generation; shares as in `IncrementalShares`.
function again(unit, shares, changed) {
  const none = shares[0] === 0 && shares[1] === 0 && shares.slice(2).every((share) => share === 1);
  if (unit.fromScratch || none) return [unit.frontend, unit.codegen];
  const s = unit.again || shares;
  const [front, code] = changed ? [s[2], s[3]] : [s[4], s[5]];
  return [Math.min(s[0] + front * unit.frontend, unit.frontend), Math.min(s[1] + code * unit.codegen, unit.codegen)];
}

// The units that are built again when the sources of `changed` change.
function rebuildSet(units, changed) {
  const users = usersOf(units);
  const dirty = units.map(() => false);
  const open = changed.slice();
  while (open.length) {
    const unit = open.pop();
    if (!dirty[unit]) {
      dirty[unit] = true;
      open.push(...users[unit].flat());
    }
  }
  return dirty;
}

// The same graph after an edit: what isn't built again is fresh.
function edited(units, changed, shares) {
  const dirty = rebuildSet(units, changed);
  return units.map((unit, at) => {
    if (!dirty[at]) return { ...unit, fresh: true };
    const [frontend, codegen] = again(unit, shares, changed.includes(at));
    return { ...unit, fresh: false, frontend, codegen };
  });
}

// Only what is built again, as the library's `edit_s` has it.
function editSeconds(units, changed, shares, jobs, machine) {
  const dirty = rebuildSet(units, changed);
  const place = [];
  let next = 0;
  dirty.forEach((is, at) => { place[at] = is ? next++ : -1; });
  const rebuilt = [];
  units.forEach((unit, at) => {
    if (!dirty[at]) return;
    const [frontend, codegen] = again(unit, shares, changed.includes(at));
    const dependencies = unit.dependencies.filter(([on]) => dirty[on]).map(([on, kind]) => [place[on], kind]);
    rebuilt.push({ ...unit, fresh: false, frontend, codegen, dependencies });
  });
  return simulate(rebuilt, jobs, machine).makespan;
}
