/** The drawing: strokes of points become light ink on a dark ground, on any canvas. */

/** Of the pad's side: about what a felt pen leaves on MNIST's forms. */
export const PEN_WIDTH = 0.085;
const GROUND = "#0a0d12";
const INK = "#f5f5f0";

/** @typedef {import("./state.js").Stroke} Stroke */

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {Stroke[]} strokes
 */
export function drawInk(context, strokes) {
  const { width, height } = context.canvas;
  context.fillStyle = GROUND;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = INK;
  context.fillStyle = INK;
  context.lineWidth = PEN_WIDTH * width;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) drawStroke(context, stroke);
}

/**
 * A curve through the middles between the points, which smooths the hand's tremble; one point alone
 * is a dot.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {Stroke} stroke
 */
function drawStroke(context, stroke) {
  const { width, height } = context.canvas;
  const points = stroke.points.map(({ x, y }) => ({ x: x * width, y: y * height }));
  const [first] = points;
  context.beginPath();
  if (points.length === 1) {
    context.arc(first.x, first.y, context.lineWidth / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  context.moveTo(first.x, first.y);
  for (let i = 1; i < points.length - 1; i += 1) {
    const [here, next] = [points[i], points[i + 1]];
    context.quadraticCurveTo(here.x, here.y, (here.x + next.x) / 2, (here.y + next.y) / 2);
  }
  const last = points[points.length - 1];
  context.lineTo(last.x, last.y);
  context.stroke();
}
