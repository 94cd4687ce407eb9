/**
 * Draws the results of a benchmark as an SVG: panels with one line each over a logarithmic axis, readable in light
 * and dark themes.
 */

export interface Panel {
  readonly title: string;
  /** Unit of the values, e.g. `/s`. */
  readonly unit: string;
  /** The points of the line, sorted by ascending x. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 270;
const HEIGHT = 190;
const LEFT = 52;
const TOP = 34;
const BOTTOM = 34;
const GAP = 24;

const STYLE = `
  text { font: 11px system-ui, sans-serif; fill: #444 }
  .title { font-weight: 600; font-size: 12px; fill: #111 }
  .grid { stroke: #ccc; stroke-width: 1 }
  .line { fill: none; stroke: #0a66c2; stroke-width: 2; stroke-linejoin: round }
  .dot { fill: #0a66c2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #bbb } .title { fill: #eee } .grid { stroke: #444 } .line { stroke: #6cb4ff } .dot { fill: #6cb4ff }
  }`;

/** Returns the smallest number of the series 1, 2, 5, 10, 20, 50, … that is not less than the value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((step) => value <= step * power * 1.000001) ?? 10);
}

const short = (value: number): string =>
  value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)));

function drawPanel({ title, unit, points }: Panel, left: number): string {
  const xs = points.map(([x]) => Math.log10(x));
  const [first = 0, last = 1] = [xs[0], xs.at(-1)];
  const top = roundUp(Math.max(...points.map(([, y]) => y)));
  const right = left + WIDTH;
  const bottom = TOP + HEIGHT;
  const across = (x: number): string =>
    (left + ((Math.log10(x) - first) / (last - first || 1)) * WIDTH).toFixed(1);
  const up = (y: number): string => (bottom - (y / top) * HEIGHT).toFixed(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = up(top * share);
    return `<path class="grid" d="M${left} ${y}H${right}"/><text x="${left - 6}" y="${Number(y) + 4}" text-anchor="end">${short(top * share)}</text>`;
  });
  const decades = points
    .filter(([x]) => Number.isInteger(Math.log10(x)) || x === points.at(-1)?.[0])
    .map(([x]) => `<text x="${across(x)}" y="${bottom + 16}" text-anchor="middle">${short(x)}</text>`);
  const path = points.map(([x, y]) => `${across(x)} ${up(y)}`).join('L');
  const dots = points.map(
    ([x, y]) =>
      `<circle class="dot" cx="${across(x)}" cy="${up(y)}" r="3"><title>${x.toLocaleString('en')}: ${short(y)}${unit}</title></circle>`,
  );
  return [
    `<text class="title" x="${left}" y="20">${title} (${unit.trim()})</text>`,
    ...grid,
    ...decades,
    `<path class="line" d="M${path}"/>`,
    ...dots,
  ].join('\n');
}

/**
 * Returns an SVG with the panels side by side.
 * @param label the text that screen readers read instead of the picture
 */
export function plot(label: string, below: string, panels: readonly Panel[]): string {
  const width = panels.length * (LEFT + WIDTH + GAP);
  const height = TOP + HEIGHT + BOTTOM + 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="${label}">
<style>${STYLE}
</style>
${panels.map((panel, i) => drawPanel(panel, i * (LEFT + WIDTH + GAP) + LEFT)).join('\n')}
<text x="${width / 2}" y="${height - 6}" text-anchor="middle">${below}</text>
</svg>
`;
}
