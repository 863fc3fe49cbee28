// An order of crates with as few references against it as possible, as the library finds it (`analyzer/src/graph/feedback.rs`
// and `condense.rs`).

// Strongly connected components in topological order (Tarjan), each sorted.
function condense(nodes, arcs) {
  const heads = Array.from({ length: nodes }, () => new Set());
  arcs.forEach(([from, to]) => from !== to && heads[from].add(to));
  const next = heads.map((set) => [...set].sort((a, b) => a - b));
  const met = new Array(nodes).fill(0);
  const done = Infinity;
  const pending = [], path = [], found = [];
  let clock = 0;
  const enter = (node) => {
    clock += 1;
    met[node] = clock;
    pending.push(node);
    path.push({ node, left: next[node].length, low: clock });
  };
  const leave = () => {
    const { node, low } = path.pop();
    if (path.length) path[path.length - 1].low = Math.min(path[path.length - 1].low, low);
    if (low === met[node]) {
      const scc = pending.splice(pending.indexOf(node));
      scc.forEach((member) => { met[member] = done; });
      found.push(scc.sort((a, b) => a - b));
    }
  };
  for (let root = 0; root < nodes; root++) {
    if (met[root] === 0) enter(root);
    while (path.length) {
      const step = path[path.length - 1];
      if (step.left === 0) {
        leave();
        continue;
      }
      step.left -= 1;
      const head = next[step.node][step.left];
      if (met[head] === 0) enter(head);
      else if (met[head] !== done) step.low = Math.min(step.low, met[head]);
    }
  }
  return found.reverse();
}

function backWeight(order, arcs) {
  const place = [];
  order.forEach((node, at) => { place[node] = at; });
  return arcs.reduce((sum, [from, to, weight]) => sum + (place[from] > place[to] ? weight : 0), 0);
}

// Neighbours of each node with the weight to and from them, sorted.
function adjacency(nodes, arcs) {
  const rows = Array.from({ length: nodes }, () => new Map());
  const add = (at, other, to, from) => {
    const row = rows[at].get(other) || [0, 0];
    rows[at].set(other, [row[0] + to, row[1] + from]);
  };
  arcs.forEach(([from, to, weight]) => {
    add(from, to, weight, 0);
    add(to, from, 0, weight);
  });
  return rows.map((row) => [...row].sort((a, b) => a[0] - b[0]).map(([other, [to, from]]) => [other, to, from]));
}

// Eades, Lin & Smyth, with weights.
function greedy(around) {
  const state = around.map((row) => ({
    out: row.reduce((sum, [, to]) => sum + to, 0),
    into: row.reduce((sum, [, , from]) => sum + from, 0),
    outs: row.filter(([, to]) => to > 0).length,
    ins: row.filter(([, , from]) => from > 0).length,
  }));
  const left = new Set(around.keys());
  const key = (node) => {
    const of = state[node];
    return [of.outs === 0 ? 0 : of.ins === 0 ? 1 : 2, of.into - of.out, node];
  };
  const front = [], back = [];
  while (left.size) {
    let best = null;
    for (const node of left) {
      const mine = key(node);
      if (!best || mine[0] < best[0] || (mine[0] === best[0] && (mine[1] < best[1] || (mine[1] === best[1] && mine[2] < best[2])))) best = mine;
    }
    const node = best[2];
    left.delete(node);
    (best[0] === 0 ? back : front).push(node);
    for (const [other, to, from] of around[node]) {
      if (!left.has(other)) continue;
      const of = state[other];
      of.into -= to;
      of.out -= from;
      if (to > 0) of.ins -= 1;
      if (from > 0) of.outs -= 1;
    }
  }
  return front.concat(back.reverse());
}

function sift(around, node, place) {
  const near = around[node].map(([other, to, from]) => [place[other], to - from]);
  near.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let cost = 0, best = 0, slot = 0, now = 0;
  near.forEach(([at, change], i) => {
    cost += change;
    if (at < place[node]) now = cost;
    if (cost < best) [best, slot] = [cost, i + 1];
  });
  if (now - best <= 1e-9 * (1 + Math.abs(best))) return false;
  const before = slot > 0 ? near[slot - 1][0] : null, after = slot < near.length ? near[slot][0] : null;
  if (before === null && after === null) return false;
  const target = before === null ? after - 1 : after === null ? before + 1 : (before + after) / 2;
  if (near.some(([at]) => at === target)) return false;
  place[node] = target;
  return true;
}

function improve(around, order) {
  let found = order;
  for (let pass = 0; pass < 64; pass++) {
    const place = [];
    found.forEach((node, at) => { place[node] = at; });
    let moved = false;
    for (let node = 0; node < around.length; node++) moved = sift(around, node, place) || moved;
    if (!moved) return found;
    found = found.slice().sort((a, b) => place[a] - place[b] || a - b);
  }
  return found;
}

// Of few nodes the best order there is (Lawler).
function least(nodes, arcs) {
  const weight = Array.from({ length: nodes }, () => new Array(nodes).fill(0));
  arcs.forEach(([from, to, w]) => { weight[from][to] += w; });
  const best = Array.from({ length: 1 << nodes }, () => [Infinity, 0]);
  best[0][0] = 0;
  for (let set = 0; set < 1 << nodes; set++) {
    for (let next = 0; next < nodes; next++) {
      if (set & (1 << next)) continue;
      let total = best[set][0];
      let sum = 0;
      for (let n = 0; n < nodes; n++) if (set & (1 << n)) sum += weight[next][n];
      total += sum;
      const at = set | (1 << next);
      if (total < best[at][0]) best[at] = [total, next];
    }
  }
  const order = [];
  for (let set = (1 << nodes) - 1; set !== 0;) {
    const last = best[set][1];
    order.push(last);
    set &= ~(1 << last);
  }
  return order.reverse();
}

function orderScc(nodes, arcs) {
  if (nodes <= 2 && !arcs.length) return Array.from({ length: nodes }, (_, i) => i);
  const around = adjacency(nodes, arcs);
  const order = improve(around, greedy(around));
  if (nodes <= 8) {
    const exact = least(nodes, arcs);
    const old = backWeight(order, arcs);
    if (backWeight(exact, arcs) < old - 1e-9 * (1 + old)) return exact;
  }
  return order;
}

// Nodes in an order in which dependents come first; arcs are [from, to, weight].
function feedbackOrder(nodes, arcs) {
  return condense(nodes, arcs).flatMap((scc) => {
    const local = new Map(scc.map((node, i) => [node, i]));
    const inner = arcs.filter(([from, to]) => from !== to && local.has(from) && local.has(to));
    return orderScc(scc.length, inner.map(([f, t, w]) => [local.get(f), local.get(t), w])).map((i) => scc[i]);
  });
}
