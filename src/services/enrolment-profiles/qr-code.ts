import { encodeQR } from 'qr';

/** Modules of white that a reader needs around the code (ISO/IEC 18004, section 9.1). */
const QUIET_ZONE = 4;

/** A QR code, to be drawn: a path of dark modules in a square of `size` modules, the white around included. */
export interface QrDrawing {
  readonly size: number;
  /** For the `d` of an SVG path. */
  readonly path: string;
}

/** The QR code of a text. Level M: a seventh of it may be dirt or glare. */
export function drawQr(text: string): QrDrawing {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
  return { size: rows.length, path: rows.flatMap(runsOf).join('') };
}

/** The same as an SVG file. */
export function qrSvg(text: string): string {
  const { size, path } = drawQr(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${path}"/></svg>\n`;
}

/** The dark runs of a row, each as a rectangle of height 1. */
function runsOf(row: readonly boolean[], y: number): string[] {
  const starts = row.flatMap((dark, x) => (dark && row[x - 1] !== true ? [x] : []));
  return starts.map((x) => {
    const end = row.indexOf(false, x);
    const width = (end === -1 ? row.length : end) - x;
    return `M${x} ${y}h${width}v1h-${width}z`;
  });
}
