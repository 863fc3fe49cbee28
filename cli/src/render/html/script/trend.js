// The report that is chosen: a line in every chart, its figures beside their names, its row in the table.

const TREND = JSON.parse(document.getElementById('data').textContent);

function chooseReport(at) {
  const point = TREND.points[at];
  const left = TREND.left + (TREND.points.length > 1 ? (TREND.width * at) / (TREND.points.length - 1) : TREND.width / 2);
  document.getElementById('chosen').textContent = point.label;
  TREND.figures.forEach((figure, of) => {
    const chart = document.getElementById(`chart-${of}`);
    const value = point.values[of];
    chart.querySelector('.now').textContent = value ?? 'not known';
    const [marker, here] = [chart.querySelector('.marker'), chart.querySelector('.at-marker')];
    ['x1', 'x2'].forEach((name) => marker.setAttribute(name, left));
    marker.removeAttribute('visibility');
    here.setAttribute('visibility', value === null ? 'hidden' : 'visible');
    here.setAttribute('cx', left);
    here.setAttribute('cy', point.heights[of] ?? 0);
  });
  const known = TREND.figures.map((figure, of) => point.values[of] !== null && `${figure} ${point.values[of]}`).filter(Boolean);
  slider.setAttribute('aria-valuetext', `${point.label}: ${known.join(', ')}`);
  document.querySelectorAll('tbody tr').forEach((row, of) => row.classList.toggle('chosen', of === at));
}

const slider = document.getElementById('report');
slider.addEventListener('input', () => chooseReport(Number(slider.value) - 1));

// A chart that is pointed at chooses the report nearest to the pointer.
document.querySelectorAll('.trend svg').forEach((picture) => picture.addEventListener('pointermove', (event) => {
  const box = picture.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * picture.viewBox.baseVal.width;
  const last = TREND.points.length - 1;
  const at = Math.min(Math.max(Math.round(((x - TREND.left) / TREND.width) * last), 0), last);
  slider.value = String(at + 1);
  chooseReport(at);
}));

document.querySelector('.choose').hidden = false;
chooseReport(TREND.points.length - 1);
document.documentElement.dataset.ready = 'yes';
