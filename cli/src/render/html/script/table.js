// A table that sorts by its heads and filters by a word; rows may open.

const ROWS_SHOWN = 50;

// `columns`: { label, value (to sort and to search), show (optional), number (optional), wide (optional) }.
// `detail` makes what a row opens to, or nothing where it doesn't.
function table({ caption, columns, rows, detail, filter = rows.length > 8, sort = null, shown = ROWS_SHOWN, empty = 'None.' }) {
  if (!rows.length) return h('p', { class: 'quiet' }, empty);
  let order = sort, word = '', most = shown;
  const body = h('tbody');
  const more = h('p', { class: 'more' });
  const found = h('span', { class: 'found', role: 'status' });
  const heads = columns.map((column, at) => {
    const button = h('button', { type: 'button', onclick: () => sortBy(at) }, column.label, h('span', { class: 'arrow', 'aria-hidden': 'true' }));
    return h('th', { scope: 'col', class: column.number ? 'number' : column.wide ? 'wide' : null }, button);
  });
  const sortBy = (at) => {
    const down = order && order.at === at ? !order.down : Boolean(columns[at].number);
    order = { at, down };
    draw();
  };
  const key = (row, column) => {
    const value = column.value(row);
    return typeof value === 'string' ? value.toLowerCase() : value ?? -Infinity;
  };
  const draw = () => {
    const words = word.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (row) => columns.map((column) => String(column.value(row) ?? '')).join(' ').toLowerCase();
    let list = words.length ? rows.filter((row) => { const all = text(row); return words.every((one) => all.includes(one)); }) : rows;
    if (order) {
      const column = columns[order.at];
      list = list.map((row, at) => [key(row, column), at, row]).sort((a, b) => {
        const by = a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
        return (order.down ? -by : by) || a[1] - b[1];
      }).map(([, , row]) => row);
    }
    heads.forEach((head, at) => head.setAttribute('aria-sort', order && order.at === at ? (order.down ? 'descending' : 'ascending') : 'none'));
    replace(body, list.slice(0, most).map(rowOf));
    replace(found, words.length ? `${count(list.length)} of ${count(rows.length)}` : '');
    const left = list.length - most;
    replace(more, left > 0 && h('button', { type: 'button', onclick: () => { most = Infinity; draw(); } }, `Show all ${count(list.length)} rows`));
  };
  const rowOf = (row) => {
    const cells = columns.map((column, at) => {
      const shownValue = column.show ? column.show(row) : column.value(row);
      const cell = h(at === 0 ? 'th' : 'td', { scope: at === 0 ? 'row' : null, class: column.number ? 'number' : column.wide ? 'wide' : null });
      add(cell, [shownValue ?? '–']);
      return cell;
    });
    const line = h('tr', null, cells);
    const make = detail && detail(row);
    if (!make) return line;
    const inner = h('td', { colspan: columns.length });
    const opened = h('tr', { class: 'opened', hidden: true }, inner);
    const button = h('button', { type: 'button', class: 'opener', 'aria-expanded': 'false' });
    const toggle = () => {
      const open = opened.hidden;
      opened.hidden = !open;
      button.setAttribute('aria-expanded', String(open));
      if (open && !inner.childNodes.length) add(inner, [make()]);
    };
    button.addEventListener('click', toggle);
    const name = h('span');
    name.append(...cells[0].childNodes);
    button.append(name);
    cells[0].append(button);
    return [line, opened];
  };
  draw();
  const input = filter && h('input', {
    type: 'search', placeholder: 'Filter…', 'aria-label': `Filter: ${caption}`,
    oninput: (event) => { word = event.target.value; most = shown; draw(); },
  });
  return h('div', { class: 'table' },
    filter && h('p', { class: 'tools' }, input, found),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
      h('table', null, h('caption', { class: 'hidden' }, caption), h('thead', null, h('tr', null, heads)), body)),
    more);
}

// A place in the code.
function place(file, line) {
  return h('code', { class: 'place' }, line ? `${file}:${line}` : file);
}

function list(items) {
  return h('ul', { class: 'plain' }, items.map((item) => h('li', null, item)));
}
