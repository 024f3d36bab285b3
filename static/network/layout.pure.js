/**
 * Where everything in the picture of the network stands: the image first, then a group for each
 * layer. On a wide screen the layers stand side by side and the edges run to the right; on a phone
 * the layers stand one below the other and the edges run down.
 *
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 * @typedef {{ x: number, y: number, width: number }} Head its x is the middle
 * @typedef {{ before: { x: number, y: number }, head: Head, strip: Box | null, columns: number, neurons: Box[], rowWidth: number,
 *   upright: boolean }} LayerPlace `before` is where a layer is added before this
 *   one; `rowWidth` is the width of a neuron with its bar and figure; an upright output has its bar
 *   below it
 * @typedef {{ width: number, height: number, down: boolean, image: Box, batch: Box,
 *   layers: LayerPlace[] }} Layout `batch` is where the digits of a step stand
 *
 * @typedef {object} Plan
 * @property {number} width of the scene's box
 * @property {number} height of the scene's box
 * @property {[number, number]} shape rows and columns of the image
 * @property {number[]} neurons of each layer
 * @property {boolean} longNames the classes have names that don't fit into a circle
 */

const NARROW = 560; // in narrower scenes the layers stand one below the other
const HEAD = 76;
const STRIP = 40;
const SMALLEST_GAP = 54; // between two layers; a scene that is too narrow for it scrolls sideways
const LARGEST_GAP = 230;
const DOWN_GAP = 62;

/**
 * The number of neurons of a layer that the scene shows. The others are in a strip.
 * @param {number} neurons
 * @param {boolean} pictures
 */
export function sampleSize(neurons, pictures) {
  return neurons <= (pictures ? 24 : 18) ? neurons : 16;
}

/** @param {Plan} plan @returns {Layout} */
export function layoutScene(plan) {
  return plan.width < NARROW ? layoutDown(plan) : layoutAcross(plan);
}

/** @param {Plan} plan @returns {Layout} */
function layoutAcross({ width, height, shape, neurons, longNames }) {
  const samples = samplesOf(neurons);
  const top = HEAD + (samples.some((shown, i) => shown < neurons[i]) ? STRIP : 0);
  const room = height - top - 4;
  const last = neurons.length - 1;
  const groups = samples.map((shown, i) =>
    groupAcross(shown, i === 0, i === last, shape, room, width),
  );
  const labels = longNames ? 150 : Math.min(118, Math.max(96, 0.15 * width));
  const image = sizeOf(shape, Math.min(98, width * 0.12));
  const used = 4 + image.width + groups.reduce((sum, group) => sum + group.width, 0) + labels;
  const gap = Math.max(SMALLEST_GAP, Math.min(LARGEST_GAP, (width - used) / groups.length));
  const total = used + gap * groups.length;
  const middle = top + room / 2;
  const start = Math.max(2, (width - total) / 2);
  let x = start + image.width;
  const layers = groups.map((group, i) => {
    x += gap;
    const left = x;
    x += group.width;
    const centre = left + group.width / 2;
    const reach = Math.min(190, group.width + gap - 34);
    return {
      before: { x: left - gap / 2 - 12, y: 48 },
      head: { x: centre, y: 0, width: reach },
      strip:
        samples[i] < neurons[i]
          ? { x: centre - reach / 2, y: HEAD - 6, width: reach, height: STRIP }
          : null,
      columns: group.columns,
      neurons: grid(samples[i], group, left, middle - (group.pitch * group.rows) / 2),
      rowWidth: i === last ? group.size.width + labels : group.size.width,
      upright: false,
    };
  });
  return {
    width: Math.max(width, total),
    height,
    down: false,
    image: { x: start, y: middle - image.height / 2, ...image },
    batch: { x: start, y: middle + image.height / 2 + 14, width: image.width + 10, height: 130 },
    layers,
  };
}

/**
 * @param {number} shown
 * @param {boolean} pictures
 * @param {boolean} outputs
 * @param {[number, number]} shape
 * @param {number} room from top to bottom
 * @param {number} width of the whole scene
 */
function groupAcross(shown, pictures, outputs, shape, room, width) {
  const flat = shape[1] / shape[0] >= 3;
  let columns = 1;
  if (pictures && !outputs) columns = Math.ceil(shown / (flat ? 16 : 8));
  const rows = Math.ceil(shown / columns);
  const pitch = Math.min(room / rows, pictures ? 96 : 60);
  const largest = Math.min(86, (0.3 * width) / columns);
  const round = Math.max(14, Math.min(outputs ? 32 : 26, pitch - 5));
  const size = pictures
    ? sizeOf(
        shape,
        flat ? Math.min(150, (0.3 * width) / columns) : Math.min(pitch - 12, largest),
        Math.min(24, pitch - 4),
      )
    : { width: round, height: round };
  const across = size.width + 10;
  return { columns, rows, pitch, across, size, width: columns * across - 10 };
}

/** @param {Plan} plan @returns {Layout} */
function layoutDown({ width, shape, neurons, longNames }) {
  const samples = samplesOf(neurons);
  const last = neurons.length - 1;
  const image = sizeOf(shape, 96);
  let y = 26 + image.height;
  const layers = samples.map((shown, i) => {
    const group = groupDown(shown, i === 0, i === last, shape, width, longNames);
    y += DOWN_GAP;
    const head = { x: width / 2, y: y - 22, width };
    y += 22;
    const strip = shown < neurons[i] ? { x: 0, y, width, height: STRIP } : null;
    if (strip) y += STRIP + 4;
    const boxes = grid(shown, group, (width - group.width) / 2, y);
    y += group.rows * group.pitch + (group.upright ? 78 : 0);
    return {
      before: { x: width - 26, y: head.y - 30 },
      head,
      strip,
      columns: group.columns,
      neurons: boxes,
      rowWidth: group.rowWidth,
      upright: group.upright,
    };
  });
  return {
    width,
    height: y + 4,
    down: true,
    image: { x: (width - image.width) / 2, y: 22, ...image },
    batch: { x: 0, y: 22, width: Math.max(96, (width - image.width) / 2 - 12), height: 96 },
    layers,
  };
}

/**
 * @param {number} shown
 * @param {boolean} pictures
 * @param {boolean} outputs
 * @param {[number, number]} shape
 * @param {number} width
 * @param {boolean} longNames
 */
function groupDown(shown, pictures, outputs, shape, width, longNames) {
  const upright = outputs && !pictures && !longNames && shown <= 10;
  let most = 10;
  if (pictures) most = shape[1] / shape[0] >= 3 ? 2 : 4;
  if (outputs && !upright) most = 2;
  const rows = Math.ceil(shown / most);
  const columns = Math.ceil(shown / rows);
  const across = width / columns;
  const side = outputs && pictures ? 52 : Math.min(72, across - 10);
  const size = pictures ? sizeOf(shape, side, 24) : { width: 26, height: 26 };
  const left = outputs && !upright ? 4 : (across - size.width) / 2; // room for bars
  return {
    columns,
    rows,
    across,
    size,
    upright,
    pitch: size.height + 12,
    width: width - 2 * left,
    rowWidth: outputs ? across - 8 : size.width,
  };
}

/** @param {number[]} neurons */
const samplesOf = (neurons) =>
  neurons.map((count, i) => sampleSize(count, i === 0 && neurons.length > 1));

/**
 * The size of a picture of this shape, with a given longer side. A row of numbers is drawn higher
 * than it is, so that it can be pointed at.
 * @param {[number, number]} shape
 * @param {number} side
 * @param {number} [least]
 */
function sizeOf([rows, columns], side, least = 24) {
  const aspect = columns / rows;
  return {
    width: Math.max(least, side * Math.min(1, aspect)),
    height: Math.max(least, side / Math.max(1, aspect)),
  };
}

/**
 * @param {number} count
 * @param {{ columns: number, pitch: number, across: number, size: { width: number, height: number } }} group
 * @param {number} left
 * @param {number} top
 * @returns {Box[]}
 */
function grid(count, { columns, pitch, across, size }, left, top) {
  return Array.from({ length: count }, (_, i) => ({
    x: left + (i % columns) * across,
    y: top + Math.floor(i / columns) * pitch + (pitch - size.height) / 2,
    ...size,
  }));
}
