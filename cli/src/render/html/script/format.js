// Numbers as people read them, with their units.

const NBSP = '\u00a0';

function seconds(s) {
  if (s < 0.0005) return `0${NBSP}ms`;
  if (s < 0.0995) return `${(s * 1e3).toFixed(0)}${NBSP}ms`;
  if (s < 9.995) return `${s.toFixed(2)}${NBSP}s`;
  if (s < 99.95) return `${s.toFixed(1)}${NBSP}s`;
  const whole = Math.round(s);
  return `${Math.floor(whole / 60)}${NBSP}min ${whole % 60}${NBSP}s`;
}

function minutes(m) {
  const size = Math.abs(m);
  const text = size < 9.95 ? `${size.toFixed(1)}${NBSP}min` : size < 119.5 ? `${size.toFixed(0)}${NBSP}min` : `${(size / 60).toFixed(1)}${NBSP}h`;
  return m < -0.05 ? `−${text}` : text;
}

function percent(p) {
  const size = Math.abs(p);
  const text = size < 0.05 ? '0' : size < 9.95 ? size.toFixed(1) : size.toFixed(0);
  return `${p < 0 && text !== '0' ? '−' : ''}${text}${NBSP}%`;
}

// What a saving does to the time.
function change(saved) {
  return saved > 0.05 ? percent(-saved) : saved < -0.05 ? `+${percent(-saved)}` : `±0${NBSP}%`;
}

function savedPercent(before, after) {
  return before > 0 ? (100 * (before - after)) / before : 0;
}

function count(n) {
  return Math.round(n).toLocaleString('en-US');
}

function counted(n, noun) {
  const plural = noun.endsWith('cy') ? `${noun.slice(0, -2)}cies` : `${noun}s`;
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

const COMMAND = { check: 'cargo check', dev: 'cargo build', release: 'cargo build --release', test: 'cargo test --no-run' };
const SCENARIO = { cold: 'Cold build', clean: 'Clean build', edit: 'After an edit' };
const VERDICT = { split: 'Split', 'untangle-first': 'Untangle first', 'measure-first': 'Measure first', keep: 'Keep' };

// Steps of an axis: 1, 2 or 5 times a power of ten, about so many.
function ticks(most, about) {
  if (!(most > 0)) return [0];
  const raw = most / Math.max(about, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((of) => of * power).find((of) => of >= raw);
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}
