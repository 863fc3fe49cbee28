// The one door into the document: text enters as text, whatever it holds.

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

// Control and bidirectional characters become visible, so that no name turns a line round.
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;

function clean(text) {
  return String(text).replace(HARMFUL, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    else if (name === 'value' || name === 'checked') element[name] = value;
    else element.setAttribute(name, value === true ? '' : typeof value === 'string' ? clean(value) : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(child)));
  }
}

// An HTML element; attributes, listeners as `onclick`, and what is in it.
function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

// An element of a picture.
function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG_NAMESPACE, tag), props, children);
}

// A sentence: names between backticks are code.
function prose(text) {
  return String(text).split('`').map((part, at) => (at % 2 ? h('code', null, part) : part));
}

function replace(element, ...children) {
  element.replaceChildren();
  add(element, children);
}

let nextId = 0;
function freshId(prefix) {
  nextId += 1;
  return `${prefix}-${nextId}`;
}

// A labelled choice.
function choice(label, options, value, onchange) {
  const id = freshId('choice');
  const select = h('select', { id, onchange: () => onchange(select.value) },
    options.map(([key, text]) => h('option', { value: String(key) }, text)));
  select.value = String(value);
  return h('span', { class: 'field' }, h('label', { for: id }, label), select);
}

// Radio buttons in a row.
function segments(label, options, value, onchange) {
  const name = freshId('segment');
  return h('fieldset', { class: 'segments' }, h('legend', null, label), options.map(([key, text]) => {
    const id = freshId('option');
    const input = h('input', { type: 'radio', name, id, onchange: () => onchange(key) });
    input.checked = key === value;
    return [input, h('label', { for: id }, text)];
  }));
}

// Calls with the width of an element, now and whenever it changes.
function onWidth(element, draw) {
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (width && width !== last) {
      last = width;
      draw(width);
    }
  }).observe(element);
}

// Offers a text as a file.
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = h('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
